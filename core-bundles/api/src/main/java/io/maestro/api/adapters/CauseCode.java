package io.maestro.api.adapters;

import java.util.Locale;

/** The catalogue of reasons why an instance is not as it should be. */
public enum CauseCode {
    /** It is wanted stopped. */
    STOPPED,
    /** It is on its way. */
    PENDING,
    /** The tenant is leaving, and everything of it with it. */
    TENANT_LEAVING,
    /** The adapter's bundle needs a package that nobody offers to an adapter. */
    PACKAGE_MISSING,
    /** The package is there, but in no version that the adapter takes. */
    PACKAGE_VERSION,
    /** Packages that the adapter needs do not fit together. */
    PACKAGES_CONFLICT,
    /** The adapter needs a newer Java. */
    JAVA_VERSION,
    /** The adapter needs something else of the framework that no adapter gets. */
    CAPABILITY_MISSING,
    /** The adapter's bundle cannot be read or installed. */
    BUNDLE_UNREADABLE,
    /** The bundle failed at start. */
    BUNDLE_FAILED,
    /** The bundle or its factory did not come up in time. */
    BUNDLE_HANGS,
    /** What is to be done to the adapter would reach another bundle. */
    BLAST_RADIUS,
    /** A class that the factory needs is not in the bundle. */
    CLASS_MISSING,
    /** The factory failed when it was made. */
    FACTORY_FAILED,
    /** The factory waits for a service that it does not get. */
    FACTORY_WAITS,
    /** The bundle offers no factory. */
    FACTORY_MISSING,
    /** The bundle offers more than one factory. */
    FACTORY_AMBIGUOUS,
    /** This release does not know the adapter's type. */
    TYPE_UNKNOWN,
    /** The adapter refused to open the instance, and says why. */
    OPEN_REFUSED,
    /** The adapter failed when it opened the instance. */
    OPEN_FAILED,
    /** The adapter did not open the instance in time. */
    OPEN_HANGS,
    /** The adapter gave nothing, or something that is not of its type. */
    OPEN_WRONG,
    /** Another instance of the name took its place meanwhile. */
    INSTANCE_REPLACED,
    /** The configuration breaks the adapter's schema. */
    CONFIGURATION_INVALID,
    /** A secret that the configuration refers to is not there. */
    SECRET_MISSING,
    /** A secret cannot be opened. */
    SECRET_UNREADABLE,
    /** The holder of the master key does not answer. */
    SECRETS_UNAVAILABLE,
    /** The policy denies it. */
    POLICY_DENIED,
    /** A second person has to approve it. */
    APPROVAL_MISSING,
    /** The policy could not be asked. */
    POLICY_UNAVAILABLE,
    /** A limit of the tenant is reached. */
    QUOTA_EXCEEDED,
    /** The key that signed the adapter is revoked. */
    KEY_REVOKED,
    /** The adapter's file is not on this node. */
    ARTIFACT_LOST,
    /** The adapter's file on this node has other bytes than were admitted. */
    ARTIFACT_DAMAGED,
    /** It runs as it was before the latest change, which could not be made. */
    CHANGE_NOT_MADE,
    /** It runs, but its outside system does not answer or refuses it. */
    UNHEALTHY,
    /** It runs, but its outside system does not answer as it should. */
    DEGRADED,
    /** It runs, but fails when it is asked how it is. */
    HEALTH_FAILED,
    /** It runs, but does not say in time how it is. */
    HEALTH_HANGS,
    /** The database is not available to this node. */
    DATABASE_UNAVAILABLE,
    /** The node is stopping. */
    NODE_STOPPING,
    /** Something else; the sentence says what. */
    OTHER;

    /** As it crosses the wire: in lower case with hyphens. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
