*** Settings ***
Documentation     Alerts that an algorithm reports on the exchange, as the web app shows them. Exclusive: other tests
...               would find them.

Resource          focus.resource

Suite Setup       Open Site    webapp    rabbitmq
Suite Teardown    Close Site

Test Tags         alerts    exclusive    regression    nightly


*** Test Cases ***
Each Alert Of An Algorithm Is Listed
    [Tags]    PZ-N1205
    ${data} =    Generate Alerts    120    by=algorithm    over=10 minutes    seed=7
    Get Data Set Field    alerts    ==    120    name=${data.name}
