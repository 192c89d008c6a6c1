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
    /**
     * This type's operations, as called by name. What an adapter for the contract 1.0 does not know of ranges, delimiters and
     * digests is done for it.
     */
    AdapterType<ObjectStorage> TYPE = new AdapterType<>(
            new TypeName("storage"),
            "1.1",
            ObjectStorage.class,
            List.of(
                    new Operation.Upload<>(
                            new OperationName("put_object"),
                            PutObject.class,
                            StoredObject.class,
                            Effect.CHANGE,
                            EarlierStorage::putObject),
                    new Operation.Download<>(
                            new OperationName("get_object"),
                            GetObject.class,
                            ReadObject.class,
                            Effect.READ,
                            EarlierStorage::getObject,
                            ReadObject::of,
                            OpenObject::content),
                    new Operation.Plain<>(
                            new OperationName("head_object"),
                            HeadObject.class,
                            StoredObject.class,
                            Effect.READ,
                            ObjectStorage::headObject),
                    new Operation.Plain<>(
                            new OperationName("list"),
                            ListObjects.class,
                            ObjectList.class,
                            Effect.READ,
                            EarlierStorage::list),
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
     *     not hold, atomically: nothing was written; {@link StorageProblem#STORAGE_DIGEST_MISMATCH} when the content has
     *     another SHA-256 than the request says (see {@link Sha256#checked}): the object is as it was
     */
    StoredObject putObject(CallContext context, PutObject request, Content content);

    /**
     * Opens the object, or the part of it that is asked for, for reading. The caller reads and closes it, possibly long after
     * this method has returned. A whole object that was stored with a SHA-256 is compared with it while it is read (see {@link
     * Sha256#verified}).
     *
     * @throws io.maestro.model.ProblemException {@link StorageProblem#OBJECT_NOT_FOUND}; {@link
     *     StorageProblem#STORAGE_RANGE_UNSATISFIABLE} when the object ends before the range begins
     */
    OpenObject getObject(CallContext context, GetObject request);

    /**
     * Tells what {@link #getObject} would, without the bytes. An adapter that does not implement it, because it is for the
     * contract 1.0, opens the object and reads nothing of it.
     *
     * @throws io.maestro.model.ProblemException {@link StorageProblem#OBJECT_NOT_FOUND}
     */
    default StoredObject headObject(CallContext context, HeadObject request) {
        return EarlierStorage.headObject(this, context, request);
    }

    /**
     * Lists objects in ascending order of their keys' UTF-8 bytes. With a delimiter, the keys that have it behind the prefix are
     * told by what they begin with, each beginning once in all pages and in the place of its keys.
     */
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
