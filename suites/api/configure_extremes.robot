*** Settings ***
Documentation     Numbers that no view has: the server refuses them like any other wrong number, stays up, and serves
...               the next view.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
Numbers Beyond Every Machine Word Are Refused
    [Tags]    PZ-14780    smoke
    [Template]    View With Should Be Refused
    nfftSelection    ${10 ** 30}    because=power of 2
    nfftSelection    ${{ -10 ** 30 }}    because=positive
    displayInfo.height    ${10 ** 30}    because=maximum
    displayInfo.height    ${{ -10 ** 30 }}    because=positive
    displayTimeAxisDuration    ${10 ** 30}
    displayTimeAxisDuration    ${1e300}
    view_type    ${10 ** 30}
    view_type    ${{ -10 ** 30 }}

Channels And Frequencies Beyond Every Machine Word Are Refused
    [Tags]    PZ-14780
    [Template]    View With Should Be Refused
    channels.max    ${2 ** 31}    because=maximum
    channels.max    ${2 ** 63}    because=maximum
    channels.max    ${10 ** 30}    because=maximum
    channels.max    ${{ -10 ** 30 }}    names=channels
    channels.min    ${10 ** 30}    names=channels
    channels.min    ${{ -10 ** 30 }}    because=lowest channel
    frequencyRange.max    ${10 ** 30}    because=Nyquist
    frequencyRange.max    ${{ -10 ** 30 }}    names=frequencyRange
    frequencyRange.min    ${10 ** 30}    names=frequencyRange
    frequencyRange.min    ${{ -10 ** 30 }}    because=negative

Times Beyond Every Machine Word Are Refused
    [Tags]    PZ-13880
    [Template]    View With Times Should Be Refused
    ${10 ** 30}    ${10 ** 30 + 10}    future    field=end_time    allowed=<= now
    ${{ -10 ** 30 }}    ${0}    negative    allowed=>= 0
    ${2 ** 63}    ${2 ** 63 + 10}    future    field=end_time    allowed=<= now

A View After All That Is Answered As Ever
    [Tags]    PZ-14780
    View With Should Be Refused    nfftSelection    ${10 ** 30}    because=power of 2
    Live View Should Be Answered As Asked    channels=1-3
    Health Should Be Good
