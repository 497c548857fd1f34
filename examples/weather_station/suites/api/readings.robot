*** Settings ***
Documentation    Readings are kept and listed; what is none is refused.

Resource         weather_station.resource

Test Tags        api


*** Test Cases ***
Readings Are Listed With The Newest First
    [Tags]    WS-2
    ${station} =    New Station
    Send Reading    ${station}    12.5
    Send Reading    ${station}    -3
    Readings Should Be    ${station}    -3    12.5

A Station Without Readings Has None
    [Tags]    WS-3
    ${station} =    New Station
    Readings Should Be    ${station}

What Is No Reading Is Refused
    [Tags]    WS-4
    [Template]    Reading Should Be Refused
    ${{ {"station": "haifa"} }}    exactly station and celsius
    ${{ {"station": "haifa", "celsius": 61} }}    from -90 to 60
    ${{ {"station": "haifa", "celsius": "warm"} }}    from -90 to 60
    ${{ {"station": "../etc", "celsius": 20} }}    letters, digits
    ${{ [] }}    exactly station and celsius
