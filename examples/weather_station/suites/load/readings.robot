*** Settings ***
Documentation    Readings at the rate of a busy network of stations.

Resource         weather_station.resource

Test Tags        performance


*** Test Cases ***
Twenty Readings A Second Are Taken
    [Tags]    WS-6
    Load Should Be Carried    per_s=${20}    seconds=${3}    p95_s=${5}
