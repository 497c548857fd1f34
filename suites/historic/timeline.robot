*** Settings ***
Documentation     The timeline of the recordings, as a page for people.

Resource          focus.resource

Suite Setup       Open Site    rest    mongodb
Suite Teardown    Close Site

Test Tags         regression    nightly    historic


*** Test Cases ***
Timeline Of The Recordings Is A Page
    [Tags]    PZ-13425    smoke
    ${answer} =    Ask Focus Server    GET    /get_recordings_timeline
    Answer Should Be    ${answer}    200    text/html

The Timeline Names Each Recording
    [Tags]    PZ-N371
    Timeline Should Name Each Recording
