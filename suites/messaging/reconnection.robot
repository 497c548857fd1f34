*** Settings ***
Documentation     The web app without its connection to the broker: it connects again by itself, and alerts pass again.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         messaging    exclusive    disruptive    regression    nightly


*** Test Cases ***
The Web App Connects Again When The Broker Ended Its Connection
    [Tags]    PZ-N592
    Disconnect The Consumer Of Alerts
    Get Consumer Count    >=    1    key=Algorithm.AlertReport    within=${SITE_DATA.timings.reconnected_s}
    Alert Should Reach The Operator    SD    high    1250 m
