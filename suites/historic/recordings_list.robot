*** Settings ***
Documentation     The recordings as the Focus Server lists them for a time range.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb
Suite Teardown    Close Site

Test Tags         regression    nightly    historic


*** Test Cases ***
Recordings Are Listed With Start And End
    [Tags]    PZ-13424    smoke
    Recordings Should Lie Inside The Range Asked For

A Range That Ends Before It Begins Is Refused
    [Tags]    PZ-N206
    ${answer} =    Ask Focus Server    POST    /recordings_in_time_range    {"start_time": 2000, "end_time": 1000}
    Request Should Have Been Refused    ${answer}    400    end_time

Timeline Of The Recordings Is A Page
    [Tags]    PZ-13425    smoke
    ${answer} =    Ask Focus Server    GET    /get_recordings_timeline
    Answer Should Be    ${answer}    200    text/html
    Should Contain    ${answer.body}    <html    ignore_case=True
