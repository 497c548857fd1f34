*** Settings ***
Documentation     What is reported of a service that cannot be used: one sentence with address, cause and repair, within
...               the time that a client waits.

Library           DeadServices.py

Suite Setup       Ask Services    ${STATES}
Suite Teardown    Stop Asking
Test Template     Trouble Should Be Reported


*** Variables ***
@{STATES}    closed    silent    another protocol


*** Test Cases ***
Nothing Listens
    rest    closed    The Focus Server does not answer GET http://* (ConnectionRefusedError*check its pod*
    webapp    closed    The web app does not answer POST http://* (ConnectionRefusedError); check that it runs*webapp.url*
    mongodb    closed    MongoDB at * does not answer (nothing listens there); check that it runs*mongodb.host*
    rabbitmq    closed    RabbitMQ at * cannot be reached (nothing listens there); check that it runs*rabbitmq.host*
    management    closed    RabbitMQ's management API does not answer http://* (ConnectionRefusedError); check*management_url*
Nobody Answers
    rest    silent    The Focus Server does not answer GET http://* (TimeoutError*check its pod*
    webapp    silent    The web app does not answer POST http://* (TimeoutError); check that it runs*
    mongodb    silent    MongoDB at * does not answer (it takes the connection but*); check that it runs*
    rabbitmq    silent    RabbitMQ at * takes the connection but does not answer within 10 s; check that it runs*
    management    silent    RabbitMQ's management API does not answer http://* (TimeoutError); check*
Something Else Answers
    rest    another protocol    The Focus Server does not answer GET http://* (BadStatusLine*
    webapp    another protocol    The web app does not answer POST http://* (BadStatusLine); check that it runs*
    mongodb    another protocol    MongoDB at * does not answer (it does not speak MongoDB's*); check that it runs*
    rabbitmq    another protocol    RabbitMQ at * does not speak AMQP (*); check that it runs*
    management    another protocol    RabbitMQ's management API does not answer http://* (BadStatusLine); check*
