package io.maestro.rest;

import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Instances;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.api.identity.Tokens;
import io.maestro.api.store.IdempotentRequests;
import io.maestro.api.tenancy.Tenants;
import io.maestro.api.trust.Publishers;

/** All that the resources call. */
record Services(
        Access access,
        Tokens tokens,
        SecurityEvents securityEvents,
        Tenants tenants,
        Publishers publishers,
        Definitions definitions,
        Instances instances,
        Calls calls,
        IdempotentRequests idempotentRequests) {}
