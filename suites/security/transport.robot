*** Settings ***
Documentation     The way to the site: TLS with a good certificate and strong ciphers, nothing for pages of others.

Resource          focus.resource

Suite Setup       Open Site    rest    webapp
Suite Teardown    Close Site

Test Tags         security    regression    nightly


*** Test Cases ***
The Ingress Speaks Only Recent TLS With A Certificate Of The Site
    [Tags]    PZ-14778    smoke
    TLS Should Be Valid
    Old TLS Should Be Refused

Weak Ciphers Are Refused
    [Tags]    PZ-N1001
    [Template]    Weak Ciphers Should Be Refused
    # SHA-1, no forward secrecy, no encryption, no certificate
    ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA
    AES128-SHA:AES256-SHA:AES128-GCM-SHA256:AES256-GCM-SHA384
    ECDHE-ECDSA-NULL-SHA:ECDHE-RSA-NULL-SHA:NULL-SHA256
    ADH-AES128-SHA:ADH-AES128-GCM-SHA256:AECDH-AES128-SHA

Nothing Is Served Without TLS
    [Tags]    PZ-14778
    [Template]    Plain HTTP Should Not Be Served
    /ack
    /configure

Browsers Come Back By TLS Only
    [Tags]    PZ-14778
    [Template]    Every Answer Should Have The Header
    Strict-Transport-Security    matches    max-age=[0-9]{7,}
    X-Content-Type-Options    ==    nosniff
    X-Frame-Options    ==    DENY
    Cache-Control    ==    no-store

Pages Of Other Sites Read Nothing
    [Tags]    PZ-N1002
    [Template]    Other Site Should Not Read
    rest    GET    /ack
    rest    GET    /channels
    rest    OPTIONS    /configure
    webapp    GET    alert
    webapp    OPTIONS    push-to-rabbit
