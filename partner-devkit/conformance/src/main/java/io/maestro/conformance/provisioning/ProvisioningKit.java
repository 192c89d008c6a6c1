package io.maestro.conformance.provisioning;

import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;

/**
 * The conformance kit of the type {@code provisioning}. An adapter that passes it keeps the provisioning contract, as far as
 * that can be seen from outside.
 *
 * <p>Extend it in the adapter's tests, start the directory there ({@code @BeforeAll}) and say in {@link #fixture} how to
 * reach it. Each nested class is one part of the contract; what takes long comes last.
 */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
public abstract class ProvisioningKit {
    /** The adapter and its directory. Called once per test. */
    protected abstract ProvisioningFixture fixture() throws Exception;

    /** The manifest and the configuration that it describes. */
    @Nested
    @Order(1)
    class ItsManifest extends ManifestContract {
        ItsManifest() {
            super(ProvisioningKit.this);
        }
    }

    /** Opening and closing. */
    @Nested
    @Order(2)
    class Lifecycle extends LifecycleContract {
        Lifecycle() {
            super(ProvisioningKit.this);
        }
    }

    /** {@code create_user}, once and again. */
    @Nested
    @Order(3)
    class Creating extends CreateContract {
        Creating() {
            super(ProvisioningKit.this);
        }
    }

    /** {@code get_user}, {@code list_users} and its pages. */
    @Nested
    @Order(4)
    class Finding extends FindContract {
        Finding() {
            super(ProvisioningKit.this);
        }
    }

    /** {@code replace_user} and {@code patch_user}. */
    @Nested
    @Order(5)
    class Changing extends ChangeContract {
        Changing() {
            super(ProvisioningKit.this);
        }
    }

    /** Conditions of changes. */
    @Nested
    @Order(6)
    class Conditions extends ConditionContract {
        Conditions() {
            super(ProvisioningKit.this);
        }
    }

    /** {@code deactivate_user} and {@code reactivate_user}. */
    @Nested
    @Order(7)
    class Activity extends ActivityContract {
        Activity() {
            super(ProvisioningKit.this);
        }
    }

    /** Groups and roles. */
    @Nested
    @Order(8)
    class Memberships extends MembershipContract {
        Memberships() {
            super(ProvisioningKit.this);
        }
    }

    /** Tenants see nothing of one another. */
    @Nested
    @Order(9)
    class Isolation extends IsolationContract {
        Isolation() {
            super(ProvisioningKit.this);
        }
    }

    /** Secrets stay secret. */
    @Nested
    @Order(10)
    class Secrets extends SecretContract {
        Secrets() {
            super(ProvisioningKit.this);
        }
    }

    /** What is refused, and as what. */
    @Nested
    @Order(11)
    class Refusals extends RefusalContract {
        Refusals() {
            super(ProvisioningKit.this);
        }
    }

    /** Answers that no sound directory gives. */
    @Nested
    @Order(12)
    class Faults extends FaultContract {
        Faults() {
            super(ProvisioningKit.this);
        }
    }

    /** Faults on the way. */
    @Nested
    @Order(15)
    class Wire extends WireContract {
        Wire() {
            super(ProvisioningKit.this);
        }
    }

    /** Nothing is left of a closed instance. */
    @Nested
    @Order(13)
    class Leaks extends LeakContract {
        Leaks() {
            super(ProvisioningKit.this);
        }
    }

    /** Deadlines and cancellation. */
    @Nested
    @Order(14)
    class Deadlines extends DeadlineContract {
        Deadlines() {
            super(ProvisioningKit.this);
        }
    }
}
