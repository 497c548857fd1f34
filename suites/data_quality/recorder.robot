*** Settings ***
Documentation     The recordings while the recorder runs. Watching it takes as long as a recording is.

Resource          focus.resource

Suite Setup       Open Site    mongodb
Suite Teardown    Close Site

Test Tags         data_quality    nightly


*** Test Cases ***
One Recording Is Live
    [Tags]    PZ-N571    regression
    One Recording Should Be Live

The Next Recording Follows Without A Gap
    [Tags]    PZ-N572    slow
    Next Recording Should Follow Without A Gap
