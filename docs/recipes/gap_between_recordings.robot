*** Settings ***
Documentation     A view may cover a time in which nothing was recorded: what was recorded on both sides comes,
...               nothing in between.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    mongodb
Suite Teardown    Close Site

Test Tags         data    recipe

Name              Play over a gap


*** Test Cases ***
A Gap Is Played Around
    ${hole} =    Find A Hole Between Recordings
    ${view} =    Open Historic View    ${hole.window}    channels=1-3
    Recorded Parts Should Be Played Around    ${hole}    ${view}
