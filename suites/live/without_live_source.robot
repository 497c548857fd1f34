*** Settings ***
Documentation     A site whose live source is away reports it: it has no live metadata and no live views, and plays what
...               was recorded.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes    mongodb    grpc
Suite Teardown    Close Site

Test Tags         live    exclusive    disruptive    regression    nightly


*** Test Cases ***
Without Its Live Source The Site Has No Live Metadata
    [Tags]    PZ-13765
    Take Down    preprocessor
    There Should Be No Live Source
    Focus Server Should Answer
    Bring Back    preprocessor
    Live Metadata Should Be Those Of The Running Recording

Without Its Live Source The Site Plays Recordings And Refuses Live Views
    [Tags]    PZ-N500
    ${recording} =    Find A Recording
    Take Down    preprocessor
    Refusal Should Start Nothing    Live View Should Have No Live Source
    ${view} =    Open Historic View    ${recording}    channels=1-3
    Playback Should Finish    ${view}
    Bring Back    preprocessor
    Views Should Open And Play
