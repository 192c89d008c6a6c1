package io.maestro.rego;

import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A pack of 200 rules as a platform would write it: what may be done with adapters, by whom, where and when. */
final class LifecyclePack {
    /** The acts that are governed; each has thirteen rules of its own. */
    static final List<String> ACTS = List.of(
            "submit",
            "install",
            "configure",
            "upgrade",
            "roll_back",
            "start",
            "stop",
            "uninstall",
            "call",
            "read_secret",
            "allow_type",
            "approve");

    private static final List<String> DECISION = List.of("maestro", "lifecycle", "decision");

    private static final String MAIN = """
            # METADATA
            # scope: package
            # title: What may be done with adapters
            package maestro.lifecycle

            default allow := false

            allow if {
                known_act
                count(denials) == 0
            }

            decision := {"allow": allow, "denials": denials, "warnings": warnings, "approval": approval}

            known_act if input.act in data.acts

            denials contains denial if {
                some denial in violations
                denial.severity in {"high", "critical"}
            }

            warnings contains warning if {
                some warning in violations
                not warning.severity in {"high", "critical"}
            }

            default approval := "none"

            approval := "second_person" if {
                input.adapter.risk == "high"
                input.environment.tier == "production"
            }

            violation(rule, severity, message) := {"rule": rule, "severity": severity, "message": message}

            is_operator if "operator" in input.principal.roles

            is_admin if "tenant_admin" in input.principal.roles

            may_act if is_admin

            may_act if {
                is_operator
                input.environment.tier != "production"
            }

            may_act if {
                is_operator
                input.principal.mfa
            }

            weekend if time.weekday(input.at) in {"Saturday", "Sunday"}

            risk_level(risk) := 3 if risk == "high" else := 2 if risk == "medium" else := 1
            """;

    /** Rules that hold for every act. */
    private static final List<String> COMMON = List.of(
            "input.principal.tenant != input.tenant.id",
            "input.tenant.state == \"suspended\"",
            "input.environment.tier == \"production\"\n    not input.principal.mfa",
            "not input.adapter.publisher in data.publishers",
            "input.adapter.digest in data.revoked",
            "some region in input.instance.regions\n    not region in input.tenant.regions",
            "some permission in input.adapter.permissions\n    permission == \"exec\"\n    not is_admin",
            "not regex.match(`^[a-z][a-z0-9-]{1,62}$`, input.instance.id)",
            "not startswith(input.adapter.name, input.adapter.type)",
            "risk_level(input.adapter.risk) > risk_level(input.tenant.highest_risk)",
            "input.environment.frozen\n    not is_admin",
            "input.instance.memory_mb > input.tenant.quota.memory_mb",
            "count(input.adapter.permissions) > 12",
            "weekend\n    input.environment.tier == \"production\"",
            "input.data.sensitivity == \"secret\"\n    not input.instance.encrypted",
            "every owner in input.instance.owners { owner != input.principal.id }",
            "input.principal.kind == \"service\"\n    not input.act in {\"call\", \"start\", \"stop\"}",
            "object.get(input.instance, [\"labels\", \"cost_centre\"], \"\") == \"\"",
            "input.correlation == \"\"",
            "input.adapter.risk == \"unknown\"",
            "input.adapter.state == \"withdrawn\"",
            "input.environment.id == \"sandbox\"\n    input.data.sensitivity == \"personal\"",
            "input.tenant.country == \"xx\"",
            "glob.match(\"*.internal.*\", [\".\"], input.instance.host)\n    input.principal.kind != \"service\"",
            "input.adapter.deprecated == true\n    input.environment.tier == \"production\"",
            "input.instance.memory_mb < 16",
            "input.environment.region == \"test-1\"\n    input.data.sensitivity in {\"personal\", \"secret\"}",
            "input.usage.today > 100000");

    /** Rules of one act; ACT is its name. */
    private static final List<String> OWN = List.of(
            "not may_act",
            "input.environment.tier == \"production\"\n    input.adapter.state == \"draft\"",
            "input.adapter.risk == \"high\"\n    not input.approval.by",
            "input.approval.by == input.principal.id",
            "input.adapter.type == \"identity\"\n    not is_admin",
            "input.adapter.type == \"storage\"\n    not input.instance.encrypted",
            "data.limits.ACT[input.tenant.plan] < input.usage.today",
            "not input.adapter.version in data.versions[input.adapter.name]",
            "some secret in input.instance.secrets\n    not startswith(secret, concat(\"/\", [input.tenant.id, \"ACT\"]))\n    not startswith(secret, input.tenant.id)",
            "input.data.sensitivity in {\"personal\", \"secret\"}\n    not input.environment.region in data.residency[input.tenant.country]",
            "input.instance.state == \"failed\"\n    input.adapter.state != \"tested\"",
            "input.principal.kind == \"guest\"",
            "input.environment.tier == \"test\"\n    input.data.sensitivity == \"secret\"");

    private static final String TESTS = """
            package maestro.lifecycle_test

            import data.maestro.lifecycle

            test_an_administrator_may if count(lifecycle.denials) == 0 with input as calm

            test_the_suspended_may_not if {
                some denial in lifecycle.denials with input as calm with input.tenant.state as "suspended"
                denial.rule == "common_1"
            }

            test_nobody_approves_their_own if {
                some denial in lifecycle.denials with input as calm with input.approval.by as "ann"
                denial.rule == "install_3"
            }

            test_unknown_acts_are_denied if not lifecycle.allow with input as calm with input.act as "dance"

            calm := INPUT
            """;

    private static final String DATA = """
            {"acts": ["submit", "install", "configure", "upgrade", "roll_back", "start", "stop", "uninstall", "call",
              "read_secret", "allow_type", "approve"],
             "publishers": ["maestro", "acme-labs", "northwind", "contoso"],
             "revoked": ["sha256:dead", "sha256:beef"],
             "versions": {"storage-s3": ["1.0.0", "1.1.0", "1.2.0"], "identity-oidc": ["1.0.0", "2.0.0"]},
             "residency": {"ch": ["ch-1", "eu-1"], "de": ["eu-1", "eu-2"]},
             "limits": {LIMITS}}
            """;

    private static final String INPUT = """
            {"act": "ACT", "at": 1769515200000000000, "correlation": "c-1",
             "principal": {"id": "PERSON", "kind": "person", "tenant": "acme", "roles": ["operator", "auditor"], "mfa": MFA},
             "tenant": {"id": "acme", "state": "active", "plan": "gold", "country": "ch", "highest_risk": "high",
               "regions": ["ch-1", "eu-1"], "quota": {"memory_mb": 4096, "instances": 40}},
             "environment": {"id": "prod", "tier": "TIER", "region": "ch-1", "frozen": false},
             "adapter": {"name": "storage-s3", "type": "storage", "version": "1.1.0", "publisher": "maestro",
               "digest": "sha256:0123456789abcdef", "risk": "RISK", "state": "tested",
               "permissions": ["network", "secrets.read", "objects.write"]},
             "instance": {"id": "files-1", "state": "stopped", "memory_mb": 256, "host": "files.example.acme", "encrypted": true, "regions": ["ch-1"],
               "owners": ["ann", "bob"], "secrets": ["acme/s3/key", "acme/s3/secret"],
               "labels": {"cost_centre": "4711", "team": "platform"}},
             "data": {"sensitivity": "personal"}, "usage": {"today": 12},
             "approval": {"by": "APPROVER"}}
            """;

    private LifecyclePack() {}

    static List<String> path() {
        return DECISION;
    }

    static Map<String, String> sources() {
        Map<String, String> sources = new TreeMap<>();
        sources.put("lifecycle/main.rego", MAIN);
        StringBuilder common = new StringBuilder("package maestro.lifecycle\n");
        for (int i = 0; i < COMMON.size(); i++) {
            common.append(rule("common_" + i, COMMON.get(i)));
        }
        sources.put("lifecycle/common.rego", common.toString());
        for (String act : ACTS) {
            StringBuilder own = new StringBuilder("package maestro.lifecycle\n");
            for (int i = 0; i < OWN.size(); i++) {
                own.append(rule(
                        act + "_" + i,
                        "input.act == \"" + act + "\"\n    " + OWN.get(i).replace("ACT", act)));
            }
            sources.put("lifecycle/" + act + ".rego", own.toString());
        }
        return sources;
    }

    /** The same with its tests and data, as the files of a bundle. */
    static SortedMap<String, byte[]> files() {
        SortedMap<String, byte[]> files = new TreeMap<>();
        sources().forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
        String calm = input("install", "test", "low", "true", "bob").replace("auditor", "tenant_admin");
        files.put("lifecycle/main_test.rego", TESTS.replace("INPUT", calm).getBytes(StandardCharsets.UTF_8));
        files.put("data.json", data().json().getBytes(StandardCharsets.UTF_8));
        return files;
    }

    private static String rule(String name, String body) {
        return """

                # METADATA
                # title: Rule NAME
                # custom:
                #   remediation: Ask whoever owns the environment, and say why NAME should not hold.
                violations contains violation("NAME", "high", message) if {
                    BODY
                    message := sprintf("%s may not %s %s", [input.principal.id, input.act, input.instance.id])
                }
                """.replace("NAME", name).replace("BODY", body);
    }

    static ObjectValue data() {
        List<String> limits = new ArrayList<>();
        for (String act : ACTS) {
            limits.add("\"" + act + "\": {\"gold\": 1000, \"silver\": 100}");
        }
        return (ObjectValue) Json.read(DATA.replace("LIMITS", String.join(", ", limits)));
    }

    /** Every act, allowed and denied, with a cause or two for it. */
    static List<Value> inputs() {
        List<Value> inputs = new ArrayList<>();
        for (String act : ACTS) {
            for (String tier : List.of("production", "test")) {
                for (String risk : List.of("low", "high")) {
                    for (String mfa : List.of("true", "false")) {
                        String approver = risk.equals("high") && mfa.equals("false") ? "ann" : "bob";
                        inputs.add(Json.read(input(act, tier, risk, mfa, approver)));
                    }
                }
            }
        }
        return inputs;
    }

    private static String input(String act, String tier, String risk, String mfa, String approver) {
        return INPUT.replace("ACT", act)
                .replace("TIER", tier)
                .replace("RISK", risk)
                .replace("MFA", mfa)
                .replace("PERSON", "ann")
                .replace("APPROVER", approver);
    }
}
