*** Settings ***
Documentation     The exchanges of the site: those that carry alerts and commands, and who is bound to them.

Resource          focus.resource

Suite Setup       Open Site    rabbitmq    webapp
Suite Teardown    Close Site

Test Tags         messaging    regression    nightly


*** Test Cases ***
The Exchange Is A Durable Topic
    [Tags]    PZ-N106    smoke    critical
    Exchange Should Be A Durable Topic

The Exchange Of The Commands Is A Durable Topic
    [Tags]    PZ-N580
    Exchange Should Be A Durable Topic    baby_analyzer_commands

No Alert Is Lost While Nobody Listens
    [Tags]    PZ-N107
    Alerts Should Have A Durable Queue

A Published Alert Is Consumed
    [Tags]    PZ-14937    smoke    critical
    Alert Message Should Pass The Exchange

Every Kind Of Alert Message Passes The Exchange
    [Tags]    PZ-14937
    [Template]    Alert Message Should Pass The Exchange
    Algorithm.AlertReport.MLGround
    Algorithm.AlertReport.Pulse
    Algorithm.AlertReport.FiberCut

A Message That No Queue Is Bound To Is Unroutable
    [Tags]    PZ-N581
    Message Should Be Unroutable    Nobody.Listens
