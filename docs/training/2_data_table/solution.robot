*** Settings ***
Documentation     Exercise 2: what a site does not have is refused; one row for each case.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         sandbox


*** Test Cases ***
A View That The Site Cannot Show Is Refused
    [Template]    View Should Be Refused
    channels=50-1    field=channels
    channels=-1-50    field=channels.min
    frequency=-100-500 Hz    field=frequencyRange.min
    frequency=0-${SITE_DATA.limits.frequency_max_hz + 1} Hz    field=frequencyRange.max
    nfft=1000    field=nfftSelection
    height=0    field=displayInfo.height
