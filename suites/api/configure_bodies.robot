*** Settings ***
Documentation     Bodies of POST /configure as bare texts: what is no JSON and no view is refused, what is a view is
...               answered like any other however it is written, and nothing hostile comes back.

Resource          focus.resource
Resource          raw_requests.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
What Is Not JSON Is Not A View
    [Tags]    PZ-14785    smoke
    [Template]    Text Should Be Refused As A View
    ${EMPTY}    because=required
    {"channels": {"min": 1,    because=JSON
    {    because=JSON
    view please    because=JSON
    <view type="0"/>    because=JSON
    שלום    because=JSON
    NULL    because=JSON

What Is No Object Is Not A View
    [Tags]    PZ-14785
    [Template]    Text Should Be Refused As A View
    \[]    because=object
    \[{"view_type": 0}]    because=object
    "view"    because=object
    12    because=object
    1.5    because=object
    true    because=object
    null    because=object
    NaN    because=object

An Empty Object Is Not A View
    [Tags]    PZ-13879
    Empty Object Should Be Refused As A View

A Malformed View Is Refused
    [Tags]    PZ-13769    smoke
    [Template]    Malformed View Should Be Refused
    cut off in the middle    422    because=JSON
    single quotes    422    because=JSON
    a comma too many    422    because=JSON
    text behind it    422    because=JSON
    a control character in a text    422    because=JSON
    a number of 5000 digits    400    because=parsing the body
    5000 lists in each other    400    because=parsing the body
    5000 objects in each other    400    because=parsing the body
    2 MiB long    413    because=large

Bytes That Are No Text Are Refused
    [Tags]    PZ-13769
    ${answer} =    Send Raw View Request    ${BYTES THAT ARE NO TEXT}
    Raw Answer Should Be A Refusal    ${answer}    400    because=parsing the body

What Is Not Sent As JSON Is Refused
    [Tags]    PZ-13572
    [Template]    View Sent As Should Be Refused
    text/plain
    text/html
    application/xml
    application/x-www-form-urlencoded
    multipart/form-data; boundary=x
    application/octet-stream

A Form Instead Of JSON Is Refused
    [Tags]    PZ-13572
    ${answer} =    Send Raw View Request    channels=1&view_type=0    content_type=application/x-www-form-urlencoded
    Raw Answer Should Be A Refusal    ${answer}    422    because=object

A View Is Accepted However It Is Written
    [Tags]    PZ-13291
    [Template]    Unusual View Should Be Answered As Asked
    spaces and new lines
    byte order mark
    every sign escaped
    every field twice, the last one counts
    no times at all
    the display time as a fraction

What A View Does Not Know Changes Nothing
    [Tags]    PZ-12479
    [Template]    Unusual View Should Be Answered As Asked
    an unknown field
    an unknown field in each object
    a Hebrew field
    an unknown field that is not a number
    an unknown field of 100 kB

A View Type May Be Written As Text
    [Tags]    PZ-13291    smoke
    [Template]    View Type Written As Text Should Be Answered As Asked
    MultiChannel
    SingleChannel
    Waterfall

JSON Goes By Its Usual Names
    [Tags]    PZ-13291
    [Template]    View Sent As Should Be Answered As Asked
    application/json
    application/json; charset=utf-8
    APPLICATION/JSON

No Injected Query Comes Back Or Does Harm
    [Tags]    PZ-14774
    [Template]    Hostile Text Should Be Refused
    ' OR '1'='1    nfftSelection    view_type    channels.min    start_time
    1024; DROP TABLE recordings    nfftSelection    displayInfo    frequencyRange.max
    {"$gt": ""}    start_time    end_time    channels
    $(reboot)    displayTimeAxisDuration    displayInfo.height

No Script Comes Back
    [Tags]    PZ-14775
    [Template]    Hostile Text Should Be Refused
    <script>alert(1)</script>    view_type    nfftSelection    displayInfo
    javascript:alert(1)    channels    frequencyRange.min
    "><img src=x onerror=alert(1)>    start_time    channels.max

No Path, Template Or Foreign Sign Comes Back
    [Tags]    PZ-14788
    [Template]    Hostile Text Should Be Refused
    ../../../../etc/passwd    view_type    displayInfo    end_time
    C:\\windows\\system32    channels    nfftSelection
    \${jndi:ldap://127.0.0.1/a}    view_type    displayTimeAxisDuration
    {{7*7}}    view_type    frequencyRange
    שלום עולם    view_type    channels.min    displayInfo
    ٣٤٥    view_type    nfftSelection
    😀🐟🌊    view_type    channels

The Reason Names The Field
    [Documentation]    One bad request of each class, sent raw: readable, in one format, and the field is named.
    [Tags]    PZ-14787
    [Template]    Raw Body Should Be Refused
    {"view_type": 0, "channels": {"min": 1, "max": 1}}    422    because=displayInfo
    {"view_type": 0, "displayInfo": {"height": 9}}    422    because=channels
    {"view_type": "multi", "displayInfo": {"height": 9}, "channels": {"min": 1, "max": 1}}    422    because=view_type
    {"view_type": 2, "displayInfo": {"height": 9}, "channels": {"min": 1, "max": 0}}    400    because=channels
    {"view_type": 2, "displayInfo": {"height": 0}, "channels": {"min": 1, "max": 1}}    400    because=height
    {"view_type": 0, "displayInfo": {"height": 9}, "channels": {"min": 1, "max": 1}}    422    because=displayTime
