package io.maestro.adapters;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.adapters.CauseCode;
import io.maestro.api.adapters.Explanations.Remedy;
import io.maestro.model.Json;
import java.util.List;

/** What to do first about each kind of cause: acts that can be done as they stand, or that somebody fills in. */
final class Remedies {
    private final InstanceRow row;

    /** Remedies for this instance. */
    Remedies(InstanceRow row) {
        this.row = row;
    }

    /**
     * The remedy.
     *
     * @param subject what it is about besides the instance: a secret, a decision; empty when nothing
     */
    Remedy of(CauseCode code, String subject) {
        return switch (code) {
            case STOPPED -> start("Starts the instance.");
            case PENDING -> look("Shows the instance again; it is on its way.");
            case TENANT_LEAVING ->
                new Remedy(
                        "Shows how far the tenant is on its way out; it cannot be stopped.",
                        "GET",
                        "/api/tenants/" + tenant() + "/offboard",
                        null,
                        "maestro tenant offboard " + tenant());
            case PACKAGE_MISSING,
                    PACKAGE_VERSION,
                    PACKAGES_CONFLICT,
                    JAVA_VERSION,
                    CAPABILITY_MISSING,
                    BUNDLE_UNREADABLE,
                    BUNDLE_FAILED,
                    BUNDLE_HANGS,
                    CLASS_MISSING,
                    FACTORY_FAILED,
                    FACTORY_WAITS,
                    FACTORY_MISSING,
                    FACTORY_AMBIGUOUS,
                    TYPE_UNKNOWN,
                    OPEN_FAILED,
                    OPEN_WRONG ->
                stop("Stops the instance, so that it is not tried again before its publisher's next version is here.");
            case KEY_REVOKED ->
                stop("Stops the instance, until a version that a trusted key signed is here and takes its place.");
            case BLAST_RADIUS -> stop("Stops the instance; the fault is the server's, and the log has the details.");
            case OPEN_REFUSED, CONFIGURATION_INVALID, CHANGE_NOT_MADE, UNHEALTHY, DEGRADED ->
                new Remedy(
                        "Gives the instance another configuration; the present one stands here to begin with.",
                        "PUT",
                        instance() + "/configuration",
                        row.configuration(),
                        "maestro instance configure" + options() + " --set KEY=VALUE");
            case OPEN_HANGS, INSTANCE_REPLACED, POLICY_UNAVAILABLE, SECRETS_UNAVAILABLE ->
                start("Tries again at once; by itself the node tries less and less often.");
            case HEALTH_FAILED, HEALTH_HANGS ->
                stop("Stops the instance; start it again afterwards, and it is opened anew.");
            case SECRET_MISSING ->
                new Remedy(
                        "Puts the secret, with the value that only you know.",
                        "PUT",
                        "/api/tenants/" + tenant() + "/environments/" + environment() + "/secrets/" + subject,
                        null,
                        "maestro secret set -t " + tenant() + " -e " + environment() + " " + subject);
            case SECRET_UNREADABLE ->
                new Remedy(
                        "Lists the secrets of the environment; put those anew that cannot be read, or restore the keys.",
                        "GET",
                        "/api/tenants/" + tenant() + "/environments/" + environment() + "/secrets",
                        null,
                        "maestro secret list -t " + tenant() + " -e " + environment());
            case POLICY_DENIED, APPROVAL_MISSING, QUOTA_EXCEEDED ->
                new Remedy(
                        "Explains the decision: the rules, the facts, and the smallest change that would allow it.",
                        "GET",
                        "/api/tenants/" + tenant() + "/policy/"
                                + (subject.isEmpty() ? "decisions" : "explain?decisionId=" + subject),
                        null,
                        subject.isEmpty()
                                ? "maestro policy decisions -t " + tenant()
                                : "maestro policy explain -t " + tenant() + " " + subject);
            case ARTIFACT_LOST, ARTIFACT_DAMAGED ->
                new Remedy(
                        "Uploads the same signed file again; it takes its old place, and every node fetches it.",
                        "POST",
                        "/api/adapters",
                        null,
                        "maestro adapter install " + row.definition().name() + "-"
                                + row.definition().version() + "-signed.jar");
            case DATABASE_UNAVAILABLE, NODE_STOPPING ->
                new Remedy("Shows what the node waits for.", "GET", "/api/health/ready", null, "maestro health");
            case OTHER -> look("Shows the instance with its problem.");
        };
    }

    /** For a configuration that breaks the schema at these places: the same without the settings in which they are. */
    Remedy without(List<String> pointers) {
        ObjectNode left = (ObjectNode) Documents.tree(row.configuration().text());
        for (String pointer : pointers) {
            JsonPointer place = JsonPointer.compile(pointer);
            if (!place.matches()) {
                left.remove(place.getMatchingProperty());
            }
        }
        return new Remedy(
                "Gives the instance its configuration without the settings that break the schema; put right ones in their place.",
                "PUT",
                instance() + "/configuration",
                new Json(left.toString()),
                "maestro instance configure" + options() + " --set KEY=VALUE");
    }

    private Remedy start(String description) {
        return new Remedy(description, "POST", instance() + "/start", null, "maestro instance start" + options());
    }

    private Remedy stop(String description) {
        return new Remedy(description, "POST", instance() + "/stop", null, "maestro instance stop" + options());
    }

    private Remedy look(String description) {
        return new Remedy(description, "GET", instance(), null, "maestro instance get" + options());
    }

    private String instance() {
        return "/api/tenants/" + tenant() + "/environments/" + environment() + "/instances/"
                + row.key().instance();
    }

    private String options() {
        return " -t " + tenant() + " -e " + environment() + " " + row.key().instance();
    }

    private String tenant() {
        return row.key().scope().tenant().value();
    }

    private String environment() {
        return row.key().scope().environment().value();
    }
}
