*** Settings ***
Documentation     The region of interest of an open view is changed; the view shows the new channels, and nothing
...               else has changed.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         views    recipe

Name              Change what an open view shows


*** Test Cases ***
An Open View Follows Its New Channels
    ${view} =    Open Live View    channels=50-150    nfft=256
    Change ROI    ${view}    channels=61-111
    View Should Show Channels    ${view}    61-111
    Only Channels Should Have Changed    ${view}
