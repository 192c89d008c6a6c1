package io.maestro.conformance.identity;

import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;

/**
 * The conformance kit of the type {@code identity}. An adapter that passes it keeps the identity contract, as far as that can
 * be seen from outside.
 *
 * <p>Extend it in the adapter's tests and say in {@link #fixture} how an instance is configured; the provider is the kit's
 * own. Each nested class is one part of the contract; what takes long comes last.
 */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
public abstract class IdentityKit {
    /** The adapter and its provider. Called once per test. */
    protected abstract IdentityFixture fixture() throws Exception;

    /** The manifest and the configuration that it describes. */
    @Nested
    @Order(1)
    class ItsManifest extends ManifestContract {
        ItsManifest() {
            super(IdentityKit.this);
        }
    }

    /** Opening and closing. */
    @Nested
    @Order(2)
    class Lifecycle extends LifecycleContract {
        Lifecycle() {
            super(IdentityKit.this);
        }
    }

    /** {@code validate_token} of tokens that the provider signed. */
    @Nested
    @Order(3)
    class Tokens extends TokenContract {
        Tokens() {
            super(IdentityKit.this);
        }
    }

    /** {@code validate_token} of tokens that it did not. */
    @Nested
    @Order(4)
    class Forgeries extends ForgeryContract {
        Forgeries() {
            super(IdentityKit.this);
        }
    }

    /** What becomes of claims. */
    @Nested
    @Order(5)
    class Identities extends MappingContract {
        Identities() {
            super(IdentityKit.this);
        }
    }

    /** Keys come, go, and outlast the provider. */
    @Nested
    @Order(6)
    class Keys extends KeyContract {
        Keys() {
            super(IdentityKit.this);
        }
    }

    /** {@code begin_login}, {@code complete_login} and {@code end_session_url}. */
    @Nested
    @Order(7)
    class Logins extends LoginContract {
        Logins() {
            super(IdentityKit.this);
        }
    }

    /** What comes back for a code. */
    @Nested
    @Order(8)
    class Codes extends CodeContract {
        Codes() {
            super(IdentityKit.this);
        }
    }

    /** Tenants see nothing of one another. */
    @Nested
    @Order(9)
    class Isolation extends IsolationContract {
        Isolation() {
            super(IdentityKit.this);
        }
    }

    /** Secrets stay secret. */
    @Nested
    @Order(10)
    class Secrets extends SecretContract {
        Secrets() {
            super(IdentityKit.this);
        }
    }

    /** Answers that no sound provider gives. */
    @Nested
    @Order(11)
    class Faults extends FaultContract {
        Faults() {
            super(IdentityKit.this);
        }
    }

    /** Nothing is left of a closed instance. */
    @Nested
    @Order(12)
    class Leaks extends LeakContract {
        Leaks() {
            super(IdentityKit.this);
        }
    }

    /** Deadlines and cancellation. */
    @Nested
    @Order(13)
    class Deadlines extends DeadlineContract {
        Deadlines() {
            super(IdentityKit.this);
        }
    }

    /** Faults on the way. */
    @Nested
    @Order(14)
    class Wire extends WireContract {
        Wire() {
            super(IdentityKit.this);
        }
    }
}
