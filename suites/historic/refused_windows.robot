*** Settings ***
Documentation     Windows of time that cannot be played; times are relative to now.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         regression    nightly    historic


*** Test Cases ***
A Window That Ends Before It Begins Is Refused
    [Tags]    PZ-13869    smoke
    [Template]    Historic View Should Be Refused
    -1 minute    -2 minutes    after start_time    field=end_time    allowed=> start_time
    -1 minute    -61 seconds    after start_time    field=end_time    allowed=> start_time
    -1 minute    -1 minute    after start_time    field=end_time    allowed=> start_time
    -1 minute    -7300 days    after start_time    field=end_time    allowed=> start_time

A Window Needs Its End
    [Tags]    PZ-13909    smoke
    Historic View Should Be Refused    -2 minutes    ${NONE}    ambiguous    field=end_time    allowed=both or none

A Window Needs Its Start
    [Tags]    PZ-13907    smoke
    Historic View Should Be Refused    ${NONE}    -1 minute    ambiguous    field=start_time    allowed=both or none

A Window In The Future Is Refused
    [Tags]    PZ-13870    smoke
    [Template]    Historic View Should Be Refused
    1 hour    61 minutes    future    field=end_time    allowed=<= now
    -1 minute    1 minute    future    field=end_time    allowed=<= now
    -1 minute    30 seconds    future    field=end_time    allowed=<= now
    36500 days    36500 days 10 seconds    future    field=end_time    allowed=<= now

A Time Is Taken As It Is, Without A Hidden Offset
    [Documentation]    A recorded second is found and played where it was recorded, and half a minute ahead is the
    ...    future: no time zone comes between.
    [Tags]    PZ-13295
    ${recording} =    Find A Recording    at_least=5 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-3    nfft=256    height=100
    Metadata Should Match The View    ${view}
    Playback Should Finish    ${view}
    Historic View Should Be Refused    20 seconds    30 seconds    future    field=end_time    allowed=<= now

A Window Without Recordings Is Refused
    [Tags]    PZ-13866    smoke
    [Template]    Historic View Should Be Refused
    -7300 days    -7299 days 23 hours 59 minutes    no recording
    -3650 days    -3649 days 23 hours 59 minutes 59 seconds    no recording

A Window Before The Epoch Is Refused
    [Tags]    PZ-13552    smoke
    [Template]    View With Times Should Be Refused
    ${-2000}    ${-1000}    negative    allowed=>= 0
    ${-1}    ${10}    negative    allowed=>= 0
    ${-10}    ${-1}    negative    allowed=>= 0
    ${10}    ${-1}    negative    allowed=>= 0

The Longest Window That The Display Allows Is Looked For
    [Documentation]    Display time x windows seconds are allowed: there is no recording so long ago, and that is all.
    [Tags]    PZ-N306
    View With Times Should Be Refused    ${0}    ${1}    no recording
    Longest Window That The Display Allows Should Be Looked For

A Window Longer Than The Display Allows Is Refused
    [Tags]    PZ-N203
    [Template]    Window Longer Than The Display Allows Should Be Refused
    ${1}
    ${60}
    ${86400}
