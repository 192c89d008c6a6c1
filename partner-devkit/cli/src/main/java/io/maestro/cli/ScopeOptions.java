package io.maestro.cli;

import io.maestro.model.Scope;
import picocli.CommandLine.Option;

/** Tenant and environment, which every command on instances and secrets needs. */
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

    /** The path of the instances of this scope. */
    String instances() {
        return path("instances");
    }

    /** The path of the secrets of this scope. */
    String secrets() {
        return path("secrets");
    }

    /** A path below this scope; checked, so that a typing mistake reaches no other path. */
    String path(String what) {
        Scope scope = Scope.of(tenant, environment);
        return "/tenants/" + scope.tenant() + "/environments/" + scope.environment() + "/" + what;
    }
}
