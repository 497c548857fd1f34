*** Settings ***
Documentation     Rows are numbered by time. A log of the run shows them as a picture.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         views    recipe

Name              Look at the rows of a view over REST


*** Test Cases ***
The Newest Rows Are There
    ${view} =    Open Live View    channels=1-20    nfft=256
    Get Waterfall Row Count    ${view}    >    0    newest=20    within=10 s
