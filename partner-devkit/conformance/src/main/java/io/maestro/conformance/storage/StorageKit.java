package io.maestro.conformance.storage;

import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;

/**
 * The conformance kit of the type {@code storage}. An adapter that passes it keeps the storage contract, as far as that can
 * be seen from outside.
 *
 * <p>Extend it in the adapter's tests, start the outside system there ({@code @BeforeAll}) and say in {@link #fixture} how to
 * reach it. Each nested class is one part of the contract; what takes long comes last.
 */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
public abstract class StorageKit {
    /** The adapter and its outside system. Called once per test. */
    protected abstract StorageFixture fixture() throws Exception;

    /** The manifest and the configuration that it describes. */
    @Nested
    @Order(1)
    class ItsManifest extends ManifestContract {
        ItsManifest() {
            super(StorageKit.this);
        }
    }

    /** Opening and closing. */
    @Nested
    @Order(2)
    class Lifecycle extends LifecycleContract {
        Lifecycle() {
            super(StorageKit.this);
        }
    }

    /** {@code put_object} and {@code get_object}. */
    @Nested
    @Order(11)
    class PutAndGet extends PutAndGetContract {
        PutAndGet() {
            super(StorageKit.this);
        }
    }

    /** {@code get_object} of a range, and {@code head_object}. */
    @Nested
    @Order(15)
    class Ranges extends RangeContract {
        Ranges() {
            super(StorageKit.this);
        }
    }

    /** Keys. */
    @Nested
    @Order(12)
    class Keys extends KeyContract {
        Keys() {
            super(StorageKit.this);
        }
    }

    /** {@code list} and its pages. */
    @Nested
    @Order(6)
    class Listing extends ListContract {
        Listing() {
            super(StorageKit.this);
        }
    }

    /** {@code list} with a delimiter. */
    @Nested
    @Order(14)
    class Division extends DivisionContract {
        Division() {
            super(StorageKit.this);
        }
    }

    /** {@code delete_object}. */
    @Nested
    @Order(5)
    class Deleting extends DeleteContract {
        Deleting() {
            super(StorageKit.this);
        }
    }

    /** Conditions of puts. */
    @Nested
    @Order(4)
    class Conditions extends ConditionContract {
        Conditions() {
            super(StorageKit.this);
        }
    }

    /** Content types and metadata. */
    @Nested
    @Order(3)
    class Metadata extends MetadataContract {
        Metadata() {
            super(StorageKit.this);
        }
    }

    /** Every byte as it was, and ETags that tell states apart. */
    @Nested
    @Order(13)
    class Checksums extends ChecksumContract {
        Checksums() {
            super(StorageKit.this);
        }
    }

    /** A SHA-256 from one end to the other. */
    @Nested
    @Order(16)
    class Digests extends DigestContract {
        Digests() {
            super(StorageKit.this);
        }
    }

    /** Large content, and content that breaks off. */
    @Nested
    @Order(19)
    class Streams extends StreamContract {
        Streams() {
            super(StorageKit.this);
        }
    }

    /** {@code signed_url}. */
    @Nested
    @Order(7)
    class SignedUrls extends SignedUrlContract {
        SignedUrls() {
            super(StorageKit.this);
        }
    }

    /** What is refused, and as what. */
    @Nested
    @Order(10)
    class Refusals extends RefusalContract {
        Refusals() {
            super(StorageKit.this);
        }
    }

    /** Deadlines and cancellation. */
    @Nested
    @Order(18)
    class Deadlines extends DeadlineContract {
        Deadlines() {
            super(StorageKit.this);
        }
    }

    /** Faults on the way. */
    @Nested
    @Order(20)
    class Wire extends WireContract {
        Wire() {
            super(StorageKit.this);
        }
    }

    /** Secrets stay secret. */
    @Nested
    @Order(9)
    class Secrets extends SecretContract {
        Secrets() {
            super(StorageKit.this);
        }
    }

    /** Tenants see nothing of one another. */
    @Nested
    @Order(8)
    class Isolation extends IsolationContract {
        Isolation() {
            super(StorageKit.this);
        }
    }

    /** Nothing is left of a closed instance. */
    @Nested
    @Order(17)
    class Leaks extends LeakContract {
        Leaks() {
            super(StorageKit.this);
        }
    }
}
