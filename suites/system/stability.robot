*** Settings ***
Documentation     The Focus Server over time: an hour on a real site, minutes on a simulated one. Alone on the site: its
...               memory is measured.

Resource          focus.resource

Suite Setup       Open Site    rest    kubernetes
Suite Teardown    Close Site

Test Tags         nightly    cluster    slow    exclusive


*** Test Cases ***
Focus Server Stays Stable Over Time
    [Tags]    PZ-13873
    Focus Server Should Stay Stable    ${SITE_DATA.timings.stability_s}    views=12    success=90    growth=20
