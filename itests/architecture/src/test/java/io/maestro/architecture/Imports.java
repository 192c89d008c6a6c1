package io.maestro.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may import whom. A closed world: what stands in neither table is forbidden.
 *
 * <p>A part is a bundle or program by its root package without {@code io.maestro.}.
 */
final class Imports {
    private static final String OURS = "io.maestro.";

    /** For each part, the other parts whose packages it may import. */
    static final Map<String, Set<String>> PARTS = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("adapter.spi", Set.of("model")),
            Map.entry("api", Set.of("model", "adapter.spi")),
            Map.entry("telemetry", Set.of("model", "api")),
            Map.entry("store", Set.of("model", "api")),
            Map.entry("tenancy", Set.of("model", "api", "store")),
            Map.entry("identity", Set.of("model", "api", "store")),
            Map.entry("trust", Set.of("model", "adapter.spi", "api", "store")),
            Map.entry("secrets", Set.of("model", "adapter.spi", "api", "store")),
            Map.entry("adapters", Set.of("model", "adapter.spi", "api", "store")),
            Map.entry("signer.v1", Set.of()),
            Map.entry("provenance", Set.of("model", "api", "store", "signer.v1")),
            Map.entry("rego", Set.of()),
            Map.entry("policy", Set.of("model", "api", "store", "rego")),
            Map.entry("events", Set.of("model", "api", "store")),
            Map.entry("residency", Set.of("model", "api", "store")),
            Map.entry("http", Set.of("model", "api")),
            Map.entry("rest", Set.of("model", "api")),
            Map.entry("console", Set.of("api")),
            Map.entry("adapter.storage.file", Set.of("model", "adapter.spi")),
            Map.entry("adapter.storage.s3", Set.of("model", "adapter.spi")),
            Map.entry("adapter.storage.azure", Set.of("model", "adapter.spi")),
            Map.entry("adapter.storage.gcs", Set.of("model", "adapter.spi")),
            Map.entry("adapter.identity.oidc", Set.of("model", "adapter.spi")),
            Map.entry("adapter.provisioning.scim", Set.of("model", "adapter.spi")),
            Map.entry("launcher", Set.of("model", "api")),
            Map.entry("signer", Set.of("model", "provenance", "signer.v1")),
            Map.entry("assembly", Set.of()),
            Map.entry("conformance", Set.of("model", "adapter.spi")),
            Map.entry("cli", Set.of("model", "adapter.spi", "api", "trust", "provenance", "rego")));

    /** For each foreign package, with those below it, the parts that may import it. The longest match decides. */
    static final Map<String, Set<String>> HOMES = Map.ofEntries(
            Map.entry("java", PARTS.keySet()),
            Map.entry("java.sql", Set.of("store", "launcher")),
            Map.entry("javax.sql", Set.of("store")),
            Map.entry("javax.crypto", PARTS.keySet()),
            Map.entry("javax.net", PARTS.keySet()),
            Map.entry("javax.security.auth", PARTS.keySet()),
            Map.entry("javax.management", Set.of("launcher", "adapters")),
            Map.entry("jdk.management", Set.of("adapters")),
            Map.entry("jdk.security.jarsigner", Set.of("trust", "cli", "assembly")),
            Map.entry("org.jspecify.annotations", PARTS.keySet()),
            Map.entry("org.osgi.annotation", PARTS.keySet()),
            Map.entry(
                    "org.osgi.service.component.annotations",
                    Set.of(
                            "telemetry",
                            "store",
                            "tenancy",
                            "identity",
                            "trust",
                            "secrets",
                            "adapters",
                            "provenance",
                            "policy",
                            "events",
                            "residency",
                            "http",
                            "rest",
                            "console",
                            "adapter.storage.file",
                            "adapter.storage.s3",
                            "adapter.storage.azure",
                            "adapter.storage.gcs",
                            "adapter.identity.oidc",
                            "adapter.provisioning.scim")),
            Map.entry("org.osgi.service.component", Set.of("trust", "adapters", "launcher")),
            Map.entry("org.osgi.util.tracker", Set.of("adapters", "launcher")),
            Map.entry("org.osgi.framework", Set.of("secrets", "adapters", "policy", "launcher", "assembly")),
            Map.entry("org.apache.commons.compress", Set.of("assembly")),
            Map.entry("org.tukaani.xz", Set.of("assembly")),
            Map.entry("org.osgi.resource", Set.of("adapters")),
            Map.entry("org.apache.felix", Set.of("launcher")),
            Map.entry(
                    "org.jooq",
                    Set.of(
                            "store",
                            "tenancy",
                            "identity",
                            "trust",
                            "secrets",
                            "adapters",
                            "policy",
                            "provenance",
                            "events",
                            "residency")),
            Map.entry("com.zaxxer.hikari", Set.of("store")),
            Map.entry("org.postgresql", Set.of("store")),
            Map.entry("io.zonky.test", Set.of("launcher")),
            Map.entry("io.opentelemetry", Set.of("telemetry")),
            Map.entry("org.eclipse.jetty", Set.of("http")),
            Map.entry("org.glassfish", Set.of("http")),
            Map.entry("jakarta.ws.rs", Set.of("http", "rest")),
            Map.entry("jakarta.annotation", Set.of("rest")),
            Map.entry("io.swagger.v3.oas.annotations", Set.of("rest")),
            Map.entry(
                    "com.fasterxml.jackson",
                    Set.of(
                            "identity",
                            "trust",
                            "adapters",
                            "provenance",
                            "residency",
                            "http",
                            "rest",
                            "cli",
                            "conformance",
                            "adapter.storage.gcs",
                            "adapter.provisioning.scim")),
            Map.entry("com.networknt.schema", Set.of("trust", "adapters", "conformance")),
            Map.entry("org.yaml.snakeyaml", Set.of("trust", "rego", "conformance")),
            Map.entry("com.google.re2j", Set.of("rego", "cli")),
            Map.entry("javax.xml", Set.of("trust", "conformance", "adapter.storage.s3", "adapter.storage.azure")),
            Map.entry("org.w3c.dom", Set.of("trust", "conformance", "adapter.storage.s3")),
            Map.entry("org.xml.sax", Set.of("trust", "conformance", "adapter.storage.s3")),
            Map.entry("io.github.resilience4j", Set.of("adapters", "provenance")),
            Map.entry("org.bouncycastle", Set.of("provenance")),
            Map.entry("io.grpc", Set.of("provenance", "signer")),
            Map.entry("com.google.protobuf", Set.of("provenance", "signer")),
            Map.entry("com.sun.net.httpserver", Set.of("cli")),
            Map.entry("picocli", Set.of("cli")),
            Map.entry("software.amazon.awssdk", Set.of("adapter.storage.s3")),
            Map.entry("org.junit.jupiter", Set.of("conformance")),
            Map.entry("org.junit.platform", Set.of("conformance")),
            Map.entry("org.assertj", Set.of("conformance")),
            Map.entry("com.nimbusds", Set.of("adapter.identity.oidc")));

    private Imports() {}

    /** Holds when a class imports only what its part may. */
    static ArchCondition<JavaClass> onlyWhatItsPartMay() {
        return new ArchCondition<>("import only what their part may") {
            @Override
            public void check(JavaClass subject, ConditionEvents events) {
                for (Dependency dependency : subject.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (!target.isPrimitive() && !allowed(subject, target)) {
                        events.add(SimpleConditionEvent.violated(subject, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean allowed(JavaClass subject, JavaClass target) {
        Optional<String> part = part(subject.getPackageName());
        if (part.isEmpty()) {
            return false;
        }
        if (!(target.getPackageName() + ".").startsWith(OURS)) {
            return longest(HOMES.keySet(), target.getPackageName())
                    .map(prefix -> HOMES.getOrDefault(prefix, Set.of()))
                    .orElse(Set.of())
                    .contains(part.get());
        }
        Optional<String> other = part(target.getPackageName());
        if (other.equals(part)) {
            return true;
        }
        // of the store only the exported package, whatever else may be public there
        boolean exported =
                !other.equals(Optional.of("store")) || target.getPackageName().equals(OURS + "store");
        return exported
                && other.isPresent()
                && PARTS.getOrDefault(part.get(), Set.of()).contains(other.get());
    }

    /** The part that owns a package, if any does. */
    static Optional<String> part(String packageName) {
        return (packageName + ".").startsWith(OURS)
                ? longest(PARTS.keySet(), packageName.substring(Math.min(OURS.length(), packageName.length())))
                : Optional.empty();
    }

    private static Optional<String> longest(Set<String> prefixes, String name) {
        List<String> found = prefixes.stream()
                .filter(prefix -> name.equals(prefix) || name.startsWith(prefix + "."))
                .toList();
        return found.stream().max(Comparator.comparingInt(String::length));
    }
}
