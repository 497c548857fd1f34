*** Settings ***
Documentation     Live views that somebody looks at for minutes.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         nightly    live    slow


*** Test Cases ***
A Live View Streams Steadily For Five Minutes
    [Documentation]    Five minutes, shortened as the site's own timers are.
    [Tags]    PZ-N459
    ${view} =    Open Live View    channels=1-3    frequency=0-50 Hz
    View Should Stream Steadily    ${view}    seconds=300
