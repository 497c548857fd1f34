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
    View Should Have Its Queues    ${view}

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
    Commands Of View Should Be Read    ${view}
