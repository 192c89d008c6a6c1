package io.maestro.policy;

import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.PolicyInput;
import io.maestro.model.Actor;
import io.maestro.model.Actor.Standing;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Questions, settings and modes as chance makes them: most of them such as a server asks, some in a way that it never would.
 * The same seed makes the same.
 */
final class GeneratedQuestions {
    private static final List<String> ROLES = List.of(
            "platform_admin",
            "tenant_admin",
            "tenant_developer",
            "reviewer",
            "auditor",
            "publisher",
            "service",
            "no_role_of_ours");
    private static final List<String> RISKS = List.of("low", "medium", "high", "high", "unheard-of");
    private static final List<String> ACTIONS = List.of(
            "secret.put",
            "token.create",
            "member.change",
            "tenant.offboard",
            "environment.delete",
            "publisher-key.trust",
            "policy-pack.upload",
            "policy-modes.put",
            "session.end");
    private static final List<String> RULES = List.of(
            "not-entitled-to-act",
            "not-entitled-to-install",
            "not-entitled-to-call",
            "risk-above-limit",
            "high-risk-needs-approval",
            "region-not-allowed",
            "publisher-not-allowed",
            "production-delete-needs-approval",
            "T-START");
    private static final List<String> MODES = List.of("shadow", "warn", "enforce");

    private final Random random;

    GeneratedQuestions(long seed) {
        this.random = new Random(seed);
    }

    PolicyInput next() {
        EntryPoint entryPoint = one(List.of(EntryPoint.values()));
        String tenant = chance(80) ? one(List.of("acme", "globex")) : null;
        String environment = tenant != null && chance(85) ? one(List.of("prod", "dev")) : null;
        String action =
                entryPoint == EntryPoint.ACT ? one(ACTIONS) : entryPoint.path().replace('/', '.');
        return new PolicyInput(
                entryPoint,
                action,
                actor(entryPoint, tenant),
                tenant == null ? null : new TenantId(tenant),
                environment == null ? null : new Environment(environment),
                action.substring(0, action.indexOf('.')),
                one(List.of("files", "prod", "acme", "-")),
                more(entryPoint));
    }

    private Actor actor(EntryPoint entryPoint, @Nullable String where) {
        if (entryPoint == EntryPoint.SECRET_READ && chance(70)) {
            return new Actor("system:adapters", "c")
                    .with(new Standing(
                            List.of(),
                            where == null ? null : new TenantId(where),
                            where == null ? null : new Environment("prod"),
                            Map.of(),
                            null));
        }
        List<String> roles = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            roles.add(chance(40) ? one(List.of("platform_admin", "tenant_admin")) : one(ROLES));
        }
        String tenant = chance(50) ? (chance(80) ? where : one(List.of("acme", "globex"))) : null;
        Map<String, List<String>> attributes =
                chance(30) ? Map.of("department", List.of(one(List.of("finance", "it")))) : Map.of();
        String person = "user:login/" + one(List.of("ada", "bob", "cleo"));
        return new Actor(one(List.of("token:", "user:", "system:")) + one(List.of("ada", "bob", "identity")), "c")
                .with(new Standing(
                        roles.stream().distinct().toList(),
                        tenant == null ? null : new TenantId(tenant),
                        tenant != null && chance(30) ? new Environment(one(List.of("prod", "dev"))) : null,
                        attributes,
                        chance(60) ? person : null));
    }

    private Map<String, Json> more(EntryPoint entryPoint) {
        Map<String, Json> more = new HashMap<>();
        if (entryPoint.path().startsWith("adapter/") && chance(95)) {
            more.put("adapter", Json.object(adapter()));
        }
        if (chance(85)) {
            more.put("configuration", Json.object(configuration(entryPoint)));
        }
        switch (entryPoint) {
            case ADAPTER_CALL -> more.put("operation", new Json("\"" + one(List.of("list", "put_object")) + "\""));
            case ADAPTER_UPGRADE, ADAPTER_ROLLBACK ->
                more.put("current", Json.object(Map.of("version", version(), "adapter_risk_level", one(RISKS))));
            case SECRET_READ ->
                more.put(
                        "secret",
                        Json.object(Map.of(
                                "name",
                                one(List.of("instance/files/key", "instance/other/key", "shared/db")),
                                "purpose",
                                one(List.of("open", "check", "rotate", "look")),
                                "instance",
                                "files")));
            case DATA_RESIDENCY ->
                more.put("data", Json.object(Map.of("region", one(List.of("eu", "us")), "kind", "evidence")));
            case APPROVAL_DECIDE ->
                more.put(
                        "request",
                        Json.object(Map.of(
                                "id",
                                "r-1",
                                "entryPoint",
                                one(List.of("adapter/install", "act")),
                                "action",
                                "instance.create",
                                "requestedBy",
                                "token:ada",
                                "requestedByPerson",
                                "user:login/" + one(List.of("ada", "bob")),
                                "verdict",
                                one(List.of("approve", "reject")),
                                "reason",
                                "looked at it")));
            default -> {}
        }
        return more;
    }

    private Map<String, Object> adapter() {
        Map<String, Object> adapter = new LinkedHashMap<>();
        adapter.put("name", "storage-s3");
        adapter.put("version", version());
        adapter.put("type", one(List.of("storage", "payments", "identity")));
        adapter.put("publisher", one(List.of("maestro", "partner")));
        adapter.put("digest", "sha256:" + "a".repeat(64));
        adapter.put("adapter_risk_level", one(RISKS));
        adapter.put("data_sensitivity", one(List.of("public", "confidential", "restricted")));
        adapter.put("requires_approval", chance(15));
        adapter.put(
                "permissions",
                Map.of(
                        "hosts",
                        chance(60) ? List.of(one(List.of("s3.example.com", "10.1.2.3"))) : List.of(),
                        "imports",
                        List.of(),
                        "files",
                        chance(50)));
        return adapter;
    }

    private String version() {
        return one(List.of("0.9.0", "1.0.0", "1.1.0", "1.1.0-rc.1"));
    }

    private Map<String, Object> configuration(EntryPoint entryPoint) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        if (chance(80)) {
            configuration.put("region", one(List.of("eu", "us")));
        }
        if (entryPoint == EntryPoint.TENANT_ALLOW) {
            configuration.putAll(settingsMembers());
        }
        if (chance(50)) {
            configuration.put("roles", List.of(one(ROLES)));
            configuration.put("lifetimeDays", one(List.of(30, 365)));
        }
        return configuration;
    }

    /** Settings of a tenant or of the installation. */
    Json settings() {
        return Json.object(settingsMembers());
    }

    private Map<String, Object> settingsMembers() {
        Map<String, Object> settings = new LinkedHashMap<>();
        if (chance(70)) {
            settings.put("profile", one(List.of("internal", "white-label", "hosted-saas")));
        }
        if (chance(40)) {
            settings.put("dualControl", chance(50));
        }
        if (chance(40)) {
            settings.put("maxRisk", one(List.of("low", "medium", "high")));
        }
        if (chance(30)) {
            settings.put("allowedAdapterTypes", List.of("storage"));
        }
        if (chance(50)) {
            settings.put("regions", chance(50) ? List.of("eu") : List.of("eu", "us"));
        }
        return settings;
    }

    /** Modes of some rules. */
    Json modes() {
        Map<String, Object> rules = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            rules.put(one(RULES), one(MODES));
        }
        return Json.object(Map.of("rules", Json.object(rules)));
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
