#!/usr/bin/env node
// Before anything else: one of the commands is the service.
void import('../prepare-threads.cts').then(() => import('./run.ts'));
