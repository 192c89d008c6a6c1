package io.maestro.api.policy;

import java.util.Optional;
import java.util.stream.Stream;

/** What a policy is asked about. Each is one document of the packs: {@code data.maestro.} and the path with dots. */
public enum EntryPoint {
    /** An artifact is handed in, by upload or by the drop folder. */
    ADAPTER_SUBMIT("adapter/submit"),
    /** An instance is created. */
    ADAPTER_INSTALL("adapter/install"),
    /** The configuration of an instance is changed. */
    ADAPTER_CONFIGURE("adapter/configure"),
    /** An instance goes to a newer version. */
    ADAPTER_UPGRADE("adapter/upgrade"),
    /** An instance goes back to the version it had. */
    ADAPTER_ROLLBACK("adapter/rollback"),
    /** An instance is started. */
    ADAPTER_START("adapter/start"),
    /** An instance is stopped. */
    ADAPTER_STOP("adapter/stop"),
    /** An instance is deleted. */
    ADAPTER_UNINSTALL("adapter/uninstall"),
    /** An operation of an instance is called. */
    ADAPTER_CALL("adapter/call"),
    /** An instance is given the values of secrets. */
    SECRET_READ("secret/read"),
    /** A tenant is allowed adapter types. */
    TENANT_ALLOW("tenant/allow"),
    /** Data goes to a place. */
    DATA_RESIDENCY("data/residency"),
    /** A second person approves or rejects. */
    APPROVAL_DECIDE("approval/decide"),
    /** Everything else that changes something. */
    ACT("act");

    private final String path;

    EntryPoint(String path) {
        this.path = path;
    }

    /** As it stands in inputs and decisions, below {@code maestro}. */
    public String path() {
        return path;
    }

    /** The one with this path. */
    public static Optional<EntryPoint> of(String path) {
        return Stream.of(values()).filter(one -> one.path.equals(path)).findFirst();
    }
}
