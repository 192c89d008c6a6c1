package io.maestro.adapter.spi.storage;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Operation;
import io.maestro.adapter.spi.Operation.Effect;
import io.maestro.model.OperationName;
import io.maestro.model.TypeName;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Stores objects under keys (requirement A5, story 3.1).
 *
 * <p>All methods are called by the host concurrently from virtual threads, may block until the deadline of the call, and
 * are interrupted after it. They fail with a {@link io.maestro.model.ProblemException} whose code is one of {@link
 * StorageProblem}; after {@link #close} with {@link StorageProblem#STORAGE_CLOSED}.
 *
 * <p>Keys are Unicode strings of 1 to 1024 UTF-8 bytes without control characters, and no segment is {@code .} or {@code
 * ..}; slashes have no meaning but in prefixes. {@link StorageRules} checks this and all other rules that every storage
 * shares. An object is visible whole or not at all: a put that fails or is
 * interrupted leaves the object as it was.
 */
@ConsumerType
public interface ObjectStorage extends AdapterInstance {
    /** This type's operations, as called by name. */
    AdapterType<ObjectStorage> TYPE = new AdapterType<>(
            new TypeName("storage"),
            "1.0",
            ObjectStorage.class,
            List.of(
                    new Operation.Upload<>(
                            new OperationName("put_object"),
                            PutObject.class,
                            StoredObject.class,
                            Effect.CHANGE,
                            ObjectStorage::putObject),
                    new Operation.Download<>(
                            new OperationName("get_object"),
                            GetObject.class,
                            StoredObject.class,
                            Effect.READ,
                            ObjectStorage::getObject,
                            OpenObject::object,
                            OpenObject::content),
                    new Operation.Plain<>(
                            new OperationName("list"),
                            ListObjects.class,
                            ObjectList.class,
                            Effect.READ,
                            ObjectStorage::list),
                    new Operation.Plain<>(
                            new OperationName("delete_object"),
                            DeleteObject.class,
                            DeletedObject.class,
                            Effect.IDEMPOTENT,
                            ObjectStorage::deleteObject),
                    new Operation.Plain<>(
                            new OperationName("signed_url"),
                            SignUrl.class,
                            SignedUrl.class,
                            Effect.READ,
                            ObjectStorage::signedUrl)));

    /**
     * Stores the content under the key, replacing what is there unless a condition forbids it.
     *
     * @throws io.maestro.model.ProblemException {@link StorageProblem#STORAGE_PRECONDITION_FAILED} when a condition does
     *     not hold, atomically: nothing was written
     */
    StoredObject putObject(CallContext context, PutObject request, Content content);

    /**
     * Opens the object for reading. The caller reads and closes it, possibly long after this method has returned.
     *
     * @throws io.maestro.model.ProblemException {@link StorageProblem#OBJECT_NOT_FOUND}
     */
    OpenObject getObject(CallContext context, GetObject request);

    /** Lists objects in ascending order of their keys' UTF-8 bytes. */
    ObjectList list(CallContext context, ListObjects request);

    /** Deletes the object; deleting what is not there is no failure. */
    DeletedObject deleteObject(CallContext context, DeleteObject request);

    /**
     * Makes a URL that lets its holder read or write one object for a time without further credentials.
     *
     * @throws io.maestro.model.ProblemException {@link StorageProblem#STORAGE_UNSUPPORTED} when the outside system has no such thing
     */
    SignedUrl signedUrl(CallContext context, SignUrl request);
}
