*** Settings ***
Documentation    A site that machines share: reserved when it is free, refused while another machine has it.

Library          own_site.py
Library          another_machine.py
Resource         focus.resource


*** Test Cases ***
A Site That Is Free Is Reserved
    Change Our Site    reserve=lease
    Open Site    kubernetes
    The Site Should Be Reserved By This Machine
    [Teardown]    Close Site

A Site That Another Machine Has Is Refused
    [Documentation]    FAIL GLOB: Site simulated is reserved by run 20261122-100000-ab12 of dan@build-7 since 2*
    Change Our Site    reserve=lease
    Another Machine Reserves The Site And Goes On
    Open Site    kubernetes
    [Teardown]    Run Keywords    Close Site    AND    The Other Machine Ends

A Hold That Nobody Renews Is Taken Over
    Change Our Site    reserve=lease
    Another Machine Reserves The Site And Dies
    Open Site    kubernetes
    The Site Should Be Reserved By This Machine
    [Teardown]    Close Site
