*** Settings ***
Documentation    The service is there and well.

Resource         weather_station.resource

Test Tags        api


*** Test Cases ***
The Service Is Healthy
    [Tags]    WS-N001
    Service Should Be Healthy
