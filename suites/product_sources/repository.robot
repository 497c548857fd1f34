*** Settings ***
Documentation     The product's sources on the machine of the tests: they are there, hold the services, and say which
...               version they are. Skipped on a site whose file names no checkout.

Resource          focus.resource

Suite Setup       Open Site    product_sources
Suite Teardown    Close Site

Test Tags         nightly    connectivity    requires:product_sources


*** Test Cases ***
Sources Of The Product Are There
    [Tags]    PZ-N1132
    Get Product Services    contains    focus_server

All Expected Services Are In The Sources
    [Tags]    PZ-N1133
    Expected Product Services Should Be There

Sources Of The Focus Server Are Whole
    [Tags]    PZ-N1134
    Get Product Service Files    contains    app, src, requirements.txt, Dockerfile    service=focus_server

Sources Name Their Version
    [Tags]    PZ-N1135
    Get Product Version Field    commit    matches    ^[0-9a-f]{40}$
    Get Product Version Field    branch    !=    ${EMPTY}
    Get Product Version Field    date    matches    ^20\\d\\d-\\d\\d-\\d\\dT

Shared Modules Of The Product Can Be Imported
    [Tags]    PZ-N1136
    [Template]    Product Module Should Import
    pzpy
    pz_core_libs
