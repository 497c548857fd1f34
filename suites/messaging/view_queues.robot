*** Settings ***
Documentation     The queues of a view: its own, and the one through which its job gets commands.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    rabbitmq    grpc
Suite Teardown    Close Site

Test Tags         messaging    regression    nightly


*** Test Cases ***
The Queues Of A View Outlive The Broker And Have A Limit
    [Tags]    PZ-N589
    ${view} =    Open A Live View That Runs
    Get Queue Count    ==    2    view=${view}    within=${SITE_DATA.timings.job_running_s}
    Get Queue Field    durable    ==    yes    view=${view}
    Get Queue Field    limited    ==    yes    view=${view}

A View Has Exactly Its Queues While It Is Open
    [Tags]    PZ-N815
    ${view} =    Open Live View    channels=1-3
    Get Queue Count    ==    2    view=${view}    within=${SITE_DATA.timings.job_running_s}
    Get Queue Count    ==    1    view=${view}    exchange=baby_analyzer_commands
    Close View    ${view}
    Get Queue Count    ==    0    view=${view}    within=10 s

Every Command Reaches The Queue Of Its View
    [Tags]    PZ-N590
    ${view} =    Open A Live View That Runs
    Command Should Reach The Queue Of    ${view}    keepalive
    Command Should Reach The Queue Of    ${view}    input_changed
    Command Should Reach The Queue Of    ${view}    colormap
    Command Should Reach The Queue Of    ${view}    caxis
    Command Should Reach The Queue Of    ${view}    monitor_queues

A View That Is Watched Reads Its Commands
    [Tags]    PZ-N591
    ${view} =    Open Live View
    Command Should Reach The Queue Of    ${view}    keepalive
    Every Stream Should Deliver Frames    ${view}    at_least=1
    Get Queue Field    ready    ==    0    view=${view}    exchange=baby_analyzer_commands
    ...    within=${SITE_DATA.timings.first_frame_s}
