*** Settings ***
Documentation    Each reading is published to the exchange.

Resource         weather_station.resource

Test Tags        messaging


*** Test Cases ***
A Reading Is Published With Its Temperature
    [Tags]    WS-5
    ${station} =    New Station
    ${celsius} =    Published Reading    ${station}    17.25
    Should Be Equal As Numbers    ${celsius}    17.25
