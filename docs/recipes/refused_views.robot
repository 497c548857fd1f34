*** Settings ***
Documentation     Several cases of one rule are one test: its template is the check, each row a case. All rows run,
...               and the failure names each that went wrong. Limits come from the site.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         views    recipe

Name              A table of refusals


*** Test Cases ***
What The Fibre Does Not Have Is Refused
    [Template]    View Should Be Refused
    channels=50-1    field=channels
    channels=-1-50    field=channels.min    because=lowest channel
    channels=1-${SITE_DATA.limits.highest_channel + 1}    field=channels.max    because=maximum
    nfft=1000    field=nfftSelection    because=power of two
