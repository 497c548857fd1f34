*** Settings ***
Documentation     Keywords judged on a site of our own: each must pass on a right site and fail, naming the fault, on a
...               wrong one. A failure that must come stands in the documentation of its test.

Library           own_site.py

Suite Setup       Start Our Own Site
Suite Teardown    Stop Our Own Site
