package io.maestro.cli;

import io.maestro.model.Scope;
import picocli.CommandLine.Option;

/** Tenant and environment, which every command on instances needs. */
final class ScopeOptions {
    @Option(
            names = {"-t", "--tenant"},
            required = true,
            paramLabel = "TENANT",
            description = "The tenant.")
    private String tenant = "";

    @Option(
            names = {"-e", "--environment"},
            required = true,
            paramLabel = "ENVIRONMENT",
            description = "The environment of the tenant.")
    private String environment = "";

    /** The path of the instances of this scope; checked, so that a typing mistake reaches no other path. */
    String instances() {
        Scope scope = Scope.of(tenant, environment);
        return "/tenants/" + scope.tenant() + "/environments/" + scope.environment() + "/instances";
    }
}
