@echo off
setlocal
set ELECTRON_RUN_AS_NODE=1
if not defined SPELL_NODE set SPELL_NODE=node
"%SPELL_NODE%" "%~dp0..\spell.js" %*
