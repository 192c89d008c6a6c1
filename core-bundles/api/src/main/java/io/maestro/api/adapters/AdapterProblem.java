package io.maestro.api.adapters;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.EXTERNAL;
import static io.maestro.model.ProblemCategory.INTERNAL;
import static io.maestro.model.ProblemCategory.POLICY_OR_LIMIT;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can go wrong in the adapter host. */
public enum AdapterProblem implements ProblemCode {
    /** There is no such definition. */
    DEFINITION_UNKNOWN(CALLER, 404, "There is no such adapter definition"),
    /** The name and version exist with other bytes. */
    DEFINITION_EXISTS(CALLER, 409, "The version exists with other bytes"),
    /** Another publisher signed the first version of this adapter; a name belongs to one publisher for ever. */
    DEFINITION_NAME_TAKEN(POLICY_OR_LIMIT, 409, "The adapter name belongs to another publisher"),
    /** Instances are of this definition. */
    DEFINITION_IN_USE(CALLER, 409, "The adapter definition is in use"),
    /** A file in the drop folder is of a version that was uninstalled; only an upload brings it back. */
    DEFINITION_UNINSTALLED(POLICY_OR_LIMIT, 409, "The adapter definition was uninstalled"),
    /** The bundle cannot be wired: a package or capability is missing. */
    BUNDLE_UNRESOLVED(CALLER, 422, "The bundle cannot be resolved"),
    /** The bundle or its factory threw at start. */
    BUNDLE_START_FAILED(CALLER, 422, "The bundle fails at start"),
    /** The bundle or its factory did not come up in time. */
    BUNDLE_START_TIMEOUT(CALLER, 422, "The bundle hangs at start"),
    /** The bundle registers no factory, or more than one. */
    BUNDLE_WITHOUT_FACTORY(CALLER, 422, "The bundle offers no adapter factory"),
    /** What was to be done to one adapter's bundle would reach another bundle; it was not done. */
    BLAST_RADIUS_EXCEEDED(INTERNAL, 500, "The act would reach beyond the adapter"),
    /** There is no such instance in this scope. */
    INSTANCE_UNKNOWN(CALLER, 404, "There is no such instance"),
    /** The name is taken within the scope. */
    INSTANCE_EXISTS(CALLER, 409, "The instance exists already"),
    /** The configuration breaks the definition's schema. */
    CONFIGURATION_INVALID(CALLER, 422, "The configuration is not valid"),
    /** The instance is not running. */
    INSTANCE_NOT_RUNNING(CALLER, 409, "The instance is not running"),
    /** The instance is not what it was when somebody agreed to it. */
    INSTANCE_CHANGED(POLICY_OR_LIMIT, 409, "The instance has changed"),
    /** What runs is not, or not yet, what the instance's configuration says. */
    INSTANCE_UNSETTLED(CALLER, 409, "The instance does not run as configured"),
    /** The adapter could not open the instance. */
    INSTANCE_OPEN_FAILED(EXTERNAL, 502, "The instance cannot be opened"),
    /** The adapter did not open the instance in time. */
    INSTANCE_OPEN_TIMEOUT(EXTERNAL, 504, "The instance takes too long to open"),
    /** The new version of the instance opens, but says that it cannot work. */
    INSTANCE_UNHEALTHY(EXTERNAL, 502, "The new version is not healthy"),
    /** What nobody has approved yet is not opened, not even to try it. */
    TRIAL_UNAPPROVED(POLICY_OR_LIMIT, 409, "What needs an approval is not tried without it"),
    /** Too many configurations are tried at this moment. */
    TRIALS_BUSY(POLICY_OR_LIMIT, 429, "Too many trials are running"),
    /** The plan that the act was to follow is not its plan any more. */
    PLAN_CHANGED(CALLER, 409, "The plan has changed"),
    /** The wanted version is not one that the instance can go to. */
    VERSION_UNFIT(CALLER, 409, "The instance cannot go to this version"),
    /** The instance was never at an older version, or its configuration cannot be had any more. */
    ROLLBACK_IMPOSSIBLE(CALLER, 409, "There is nothing to go back to"),
    /** There is no such rollout. */
    ROLLOUT_UNKNOWN(CALLER, 404, "There is no such rollout"),
    /** The adapter has a rollout that has not ended. */
    ROLLOUT_RUNNING(CALLER, 409, "A rollout of the adapter is running"),
    /** The rollout has ended, or can no longer be taken back. */
    ROLLOUT_ENDED(CALLER, 409, "The rollout has ended"),
    /** A gate of the rollout was breached; everything is as it was before. */
    ROLLOUT_BREACHED(EXTERNAL, 502, "A gate of the rollout was breached"),
    /** The artifact's signing key was revoked after it was admitted. */
    INSTANCE_KEY_REVOKED(POLICY_OR_LIMIT, 409, "The adapter's signing key is revoked"),
    /** The secrets of the instance cannot be opened: the node's key is missing or another one. */
    SECRETS_UNREADABLE(INTERNAL, 500, "The instance's secrets cannot be read"),
    /** The adapter wants to talk to a host that its manifest does not name. */
    NETWORK_NOT_PERMITTED(POLICY_OR_LIMIT, 403, "The adapter may not talk to this host"),
    /** The adapter wants a folder that its manifest does not ask for. */
    FILES_NOT_PERMITTED(POLICY_OR_LIMIT, 403, "The adapter may not keep files"),
    /** The artifact's bytes are missing or changed on this node. */
    ARTIFACT_LOST(INTERNAL, 500, "The artifact is missing or damaged on this node"),
    /** The type has no such operation. */
    OPERATION_UNKNOWN(CALLER, 404, "There is no such operation"),
    /** The input breaks the operation's schema. */
    OPERATION_INPUT_INVALID(CALLER, 400, "The input of the operation is not valid"),
    /** The content is too large for a JSON call. */
    OPERATION_CONTENT_TOO_LARGE(CALLER, 413, "The content is too large for a JSON call"),
    /** The call ran out of time. */
    CALL_DEADLINE_EXCEEDED(EXTERNAL, 504, "The adapter did not answer in time"),
    /** Too many calls are running on this instance. */
    CALL_BULKHEAD_FULL(POLICY_OR_LIMIT, 429, "The instance is busy"),
    /** The instance failed too often; calls are refused for a while. */
    CALL_CIRCUIT_OPEN(EXTERNAL, 503, "The instance is failing"),
    /** A second person has to approve the content, and it is not said which. */
    CONTENT_DIGEST_REQUIRED(CALLER, 400, "The digest of the content is needed"),
    /** The content is not what it was said to be. */
    CONTENT_DIGEST_MISMATCH(CALLER, 400, "The content is not what it was said to be"),
    /** The caller went away, or the server is stopping. */
    CALL_CANCELLED(EXTERNAL, 503, "The call was cancelled"),
    /** The adapter has a fault. */
    ADAPTER_FAILED(INTERNAL, 500, "The adapter failed");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    AdapterProblem(ProblemCategory category, int status, String title) {
        this.category = category;
        this.status = status;
        this.title = title;
    }

    @Override
    public ProblemCategory category() {
        return category;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
