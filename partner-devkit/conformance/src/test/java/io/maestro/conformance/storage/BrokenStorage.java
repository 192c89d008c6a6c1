package io.maestro.conformance.storage;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.ByteRange;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.DeletedObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.HeadObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.adapter.spi.storage.SignedUrl;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StorageRules;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Storage adapters that are broken in one place each, as adapters get broken. */
enum BrokenStorage {
    FORGETS_METADATA("forgets the metadata") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public OpenObject getObject(CallContext call, GetObject request) {
                    OpenObject open = super.getObject(call, request);
                    return new OpenObject(withoutMetadata(open.object()), open.content(), open.range());
                }
            };
        }
    },
    ADDS_TO_METADATA("keeps the metadata of the object that was replaced") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public StoredObject putObject(CallContext call, PutObject request, Content content) {
                    Map<String, String> all = new HashMap<>(StorageRules.metadata(request));
                    SampleSystem.Kept before = place().objects().get(request.key());
                    if (before != null) {
                        all.putAll(before.object().metadata());
                    }
                    return super.putObject(
                            call,
                            new PutObject(
                                    request.key(),
                                    request.contentType(),
                                    all,
                                    request.ifAbsent(),
                                    request.ifMatch(),
                                    request.sha256()),
                            content);
                }
            };
        }
    },
    IGNORES_IF_ABSENT("overwrites although the object has to be absent") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void store(NavigableMap<String, SampleSystem.Kept> objects, PutObject request, SampleSystem.Kept kept) {
                    super.store(objects, ifMatch(request.key(), request.ifMatch()), kept);
                }
            };
        }
    },
    IGNORES_IF_MATCH("overwrites another state than the expected one") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void store(NavigableMap<String, SampleSystem.Kept> objects, PutObject request, SampleSystem.Kept kept) {
                    super.store(objects, new PutObject(request.key(), null, null, request.ifAbsent(), null), kept);
                }
            };
        }
    },
    CREATES_ON_IF_MATCH("takes a missing object for the expected state") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void store(NavigableMap<String, SampleSystem.Kept> objects, PutObject request, SampleSystem.Kept kept) {
                    boolean there = objects.containsKey(request.key());
                    super.store(
                            objects,
                            new PutObject(
                                    request.key(), null, null, request.ifAbsent(), there ? request.ifMatch() : null),
                            kept);
                }
            };
        }
    },
    LOOKS_FIRST_AND_STORES_THEN("checks the condition in a step of its own") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void store(NavigableMap<String, SampleSystem.Kept> objects, PutObject request, SampleSystem.Kept kept) {
                    requireCondition(objects, request);
                    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                    objects.put(request.key(), kept);
                }
            };
        }
    },
    STORES_HALF("takes the sender's breaking off for the end") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public StoredObject putObject(CallContext call, PutObject request, Content content) {
                    InputStream patient = new FilterInputStream(content.bytes()) {
                        @Override
                        public int read(byte[] target, int offset, int length) {
                            try {
                                return super.read(target, offset, length);
                            } catch (IOException e) {
                                return -1; // the fault
                            }
                        }
                    };
                    return super.putObject(call, request, new Content(patient, OptionalLong.empty()));
                }
            };
        }
    },
    IGNORES_THE_LENGTH("stores content of another length than announced") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public StoredObject putObject(CallContext call, PutObject request, Content content) {
                    return super.putObject(call, request, new Content(content.bytes(), OptionalLong.empty()));
                }
            };
        }
    },
    REMOVES_BEFORE_IT_STORES("removes the old object before it has the new one") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public StoredObject putObject(CallContext call, PutObject request, Content content) {
                    if (request.ifMatch() == null && !StorageRules.ifAbsent(request)) {
                        place().objects().remove(request.key());
                    }
                    return super.putObject(call, request, content);
                }
            };
        }
    },
    HOLDS_WHAT_IS_PUT("holds the whole content in memory when it is put") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public StoredObject putObject(CallContext call, PutObject request, Content content) {
                    try {
                        byte[] whole = content.bytes().readAllBytes();
                        return super.putObject(
                                call, request, new Content(new ByteArrayInputStream(whole), content.length()));
                    } catch (IOException e) {
                        throw problem(StorageProblem.CONTENT_INCOMPLETE, "the sender broke off")
                                .asException(e);
                    }
                }
            };
        }
    },
    HOLDS_WHAT_IS_GOT("holds the whole content in memory when it is got") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public OpenObject getObject(CallContext call, GetObject request) {
                    OpenObject open = super.getObject(call, request);
                    try {
                        byte[] whole = open.content().readAllBytes();
                        return new OpenObject(
                                open.object(),
                                new FilterInputStream(new ByteArrayInputStream(whole)) {
                                    @Override
                                    public int read(byte[] target, int offset, int length) throws IOException {
                                        open.content().available(); // fails when the instance was closed
                                        return super.read(target, offset, length);
                                    }

                                    @Override
                                    public void close() throws IOException {
                                        open.close();
                                    }
                                },
                                open.range());
                    } catch (IOException e) {
                        throw unreachable("the object could not be read", e);
                    }
                }
            };
        }
    },
    CHANGES_A_BYTE("changes a byte behind the first 64 KiB") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public OpenObject getObject(CallContext call, GetObject request) {
                    OpenObject open = super.getObject(call, request);
                    return new OpenObject(
                            open.object(),
                            new FilterInputStream(open.content()) {
                                private long given;

                                @Override
                                public int read(byte[] target, int offset, int length) throws IOException {
                                    int count = super.read(target, offset, length);
                                    if (given <= 65_536 && given + count > 65_536) {
                                        target[offset + (int) (65_536 - given)] ^= 1;
                                    }
                                    given += count;
                                    return count;
                                }
                            },
                            open.range());
                }
            };
        }
    },
    CLOSES_THE_CONTENT("closes the content, which is the caller's") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public StoredObject putObject(CallContext call, PutObject request, Content content) {
                    StoredObject stored = super.putObject(call, request, content);
                    try {
                        content.bytes().close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return stored;
                }
            };
        }
    },
    ONE_ETAG("gives all states of an object the same ETag") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                String etag(String key) {
                    return "etag-of-the-object";
                }
            };
        }
    },
    QUOTED_ETAGS("gives ETags with their quotes") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                String etag(String key) {
                    return '"' + super.etag(key) + '"';
                }
            };
        }
    },
    CASELESS("takes keys for the same that differ in case") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public StoredObject putObject(CallContext call, PutObject request, Content content) {
                    return super.putObject(
                            call,
                            new PutObject(
                                    request.key().toLowerCase(Locale.ROOT),
                                    request.contentType(),
                                    request.metadata(),
                                    request.ifAbsent(),
                                    request.ifMatch(),
                                    request.sha256()),
                            content);
                }

                @Override
                public OpenObject getObject(CallContext call, GetObject request) {
                    return super.getObject(
                            call,
                            new GetObject(request.key().toLowerCase(Locale.ROOT), request.offset(), request.length()));
                }
            };
        }
    },
    BACKSLASH_IS_SLASH("takes a backslash for a slash") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public StoredObject putObject(CallContext call, PutObject request, Content content) {
                    return super.putObject(
                            call,
                            new PutObject(
                                    request.key().replace('\\', '/'),
                                    request.contentType(),
                                    request.metadata(),
                                    request.ifAbsent(),
                                    request.ifMatch(),
                                    request.sha256()),
                            content);
                }

                @Override
                public OpenObject getObject(CallContext call, GetObject request) {
                    return super.getObject(
                            call, new GetObject(request.key().replace('\\', '/'), request.offset(), request.length()));
                }
            };
        }
    },
    TAKES_ANY_KEY("does not check what it is asked") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void check(Runnable rules) {
                    // the fault
                }
            };
        }
    },
    BACKWARDS("lists backwards") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public ObjectList list(CallContext call, ListObjects request) {
                    ObjectList page = super.list(call, request);
                    return new ObjectList(page.objects().reversed(), page.next());
                }
            };
        }
    },
    COUNTS_INSTEAD_OF_REMEMBERING("continues a list by a count, and so skips after deletions") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public ObjectList list(CallContext call, ListObjects request) {
                    String cursor = request.cursor();
                    if (cursor != null && !cursor.matches("\\d+")) {
                        throw problem(StorageProblem.STORAGE_REQUEST_INVALID, "this is no cursor")
                                .asException();
                    }
                    int limit = StorageRules.limit(request);
                    super.list(call, new ListObjects(request.prefix(), limit, null));
                    int skipped = cursor == null ? 0 : Integer.parseInt(cursor);
                    List<ObjectList.Entry> all = super.list(call, new ListObjects(request.prefix(), null, null))
                            .objects();
                    List<ObjectList.Entry> rest = all.subList(Math.min(skipped, all.size()), all.size());
                    return rest.size() > limit
                            ? new ObjectList(rest.subList(0, limit), Integer.toString(skipped + limit))
                            : new ObjectList(rest, null);
                }
            };
        }
    },
    PROMISES_A_PAGE_TOO_MANY("gives a next after a last page that is full") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public ObjectList list(CallContext call, ListObjects request) {
                    ObjectList page = super.list(call, request);
                    return page.objects().size() == StorageRules.limit(request)
                            ? new ObjectList(
                                    page.objects(),
                                    cursor(page.objects().getLast().key()))
                            : page;
                }
            };
        }
    },
    NO_SECOND_PAGE("forgets the rest of a list that is longer than a page") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public ObjectList list(CallContext call, ListObjects request) {
                    return new ObjectList(super.list(call, request).objects(), null);
                }
            };
        }
    },
    PREFIXES_ARE_FOLDERS("takes a prefix for a folder") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public ObjectList list(CallContext call, ListObjects request) {
                    String prefix = StorageRules.prefix(request);
                    String folder = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
                    return super.list(call, new ListObjects(folder, request.limit(), request.cursor()));
                }
            };
        }
    },
    DELETES_WHAT_IS_BELOW("deletes all keys that begin with the key") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public DeletedObject deleteObject(CallContext call, DeleteObject request) {
                    DeletedObject deleted = super.deleteObject(call, request);
                    place().objects().keySet().removeIf(key -> key.startsWith(request.key()));
                    return deleted;
                }
            };
        }
    },
    DELETES_ONLY_WHAT_IS_THERE("fails to delete what is not there") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public DeletedObject deleteObject(CallContext call, DeleteObject request) {
                    try (OpenObject there = super.getObject(call, new GetObject(request.key()))) {
                        return super.deleteObject(
                                call, new DeleteObject(there.object().key()));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
        }
    },
    CRASHES_WHEN_MISSING("fails with an exception of its own when an object is missing") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public OpenObject getObject(CallContext call, GetObject request) {
                    try {
                        return super.getObject(call, request);
                    } catch (ProblemException e) {
                        throw e.problem().code().equals(StorageProblem.OBJECT_NOT_FOUND.code())
                                ? new IllegalStateException(e)
                                : e;
                    }
                }
            };
        }
    },
    BLAMES_THE_STORE("calls wrong credentials a failure of the store") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new Renaming(system, context, StorageProblem.STORAGE_ACCESS_DENIED, StorageProblem.STORAGE_FAILED);
        }
    },
    BLAMES_THE_OBJECT("calls a missing container a missing object") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new Renaming(
                    system, context, StorageProblem.STORAGE_CONTAINER_MISSING, StorageProblem.OBJECT_NOT_FOUND);
        }
    },
    GIVES_UP("says that an unreachable store need not be tried again") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void enter(Instant deadline) {
                    try {
                        super.enter(deadline);
                    } catch (ProblemException e) {
                        throw e.problem().with(Retry.never()).asException(e);
                    }
                }
            };
        }
    },
    ALWAYS_UP("says that it is up without asking") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public Health health() {
                    return new Health.Up();
                }
            };
        }
    },
    OPENS_ONLY_WHEN_ALL_IS_WELL("asks the outside system when it opens, and fails when there is none") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            SampleStorage storage = new SampleStorage(system, context);
            storage.enter(context.clock().instant().plusSeconds(10));
            return storage;
        }
    },
    IGNORES_THE_DEADLINE("waits for an answer beyond the deadline") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void enter(Instant deadline) {
                    super.enter(deadline.plus(Duration.ofHours(1)));
                }
            };
        }
    },
    CANNOT_BE_INTERRUPTED("goes on waiting when it is interrupted") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void enter(Instant deadline) {
                    while (true) {
                        try {
                            super.enter(deadline);
                            return;
                        } catch (ProblemException e) {
                            if (!Thread.interrupted()) {
                                throw e;
                            }
                        }
                    }
                }
            };
        }
    },
    LOGS_THE_SECRET("writes the password to the log") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            SampleStorage storage = new SampleStorage(system, context);
            context.logger()
                    .log(
                            System.Logger.Level.TRACE,
                            "entering with {0}",
                            storage.configuration.password().reveal());
            return storage;
        }
    },
    TELLS_THE_SECRET("names the refused password in the problem") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void enter(Instant deadline) {
                    try {
                        super.enter(deadline);
                    } catch (ProblemException e) {
                        throw problem(
                                        StorageProblem.valueOf(e.problem()
                                                .code()
                                                .toUpperCase(Locale.ROOT)
                                                .replace('-', '_')),
                                        "not with " + configuration.password().reveal())
                                .with(e.problem().retry())
                                .asException();
                    }
                }
            };
        }
    },
    CAUSE_TELLS_THE_SECRET("names the password in the cause of a failure") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void enter(Instant deadline) {
                    try {
                        super.enter(deadline);
                    } catch (ProblemException e) {
                        throw e.problem()
                                .asException(
                                        new IOException(configuration.password().reveal()));
                    }
                }
            };
        }
    },
    ONE_PLACE_FOR_ALL("uses the place of the tenant that came first") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                String placeName() {
                    synchronized (factory) {
                        if (factory.isEmpty()) {
                            factory.add(super.placeName());
                        }
                        return (String) factory.getFirst();
                    }
                }
            };
        }
    },
    ONE_DOOR_FOR_ALL("closes all instances with one") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void enter(Instant deadline) {
                    if (!factory.isEmpty()) {
                        throw problem(StorageProblem.STORAGE_CLOSED, "one was closed")
                                .asException();
                    }
                    super.enter(deadline);
                }

                @Override
                public void close() {
                    factory.add("closed");
                    super.close();
                }
            };
        }
    },
    WORKS_ON("works on after it was closed") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public void close() {
                    closeStreams();
                }
            };
        }
    },
    LEAVES_STREAMS_OPEN("lets streams go on after it was closed") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void closeStreams() {
                    // the fault
                }
            };
        }
    },
    LEAVES_A_THREAD("leaves a thread behind") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            Thread.ofPlatform().daemon().name("left-behind").start(system::awaitEnd);
            return new SampleStorage(system, context);
        }
    },
    HOLDS_ON("holds on to closed instances") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            SampleStorage storage = new SampleStorage(system, context);
            factory.add(storage);
            return storage;
        }
    },
    URL_FOR_NOTHING("gives a signed URL although there are none") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public SignedUrl signedUrl(CallContext call, SignUrl request) {
                    try {
                        return super.signedUrl(call, request);
                    } catch (ProblemException e) {
                        if (!e.problem().code().equals(StorageProblem.STORAGE_UNSUPPORTED.code())) {
                            throw e;
                        }
                        return new SignedUrl(
                                URI.create(configuration.endpoint() + "/?signature=none"),
                                "GET",
                                context.clock().instant().plusSeconds(request.expiresInSeconds()));
                    }
                }
            };
        }
    },
    IGNORES_THE_RANGE("gives the whole object when a part of it is asked for") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public OpenObject getObject(CallContext call, GetObject request) {
                    check(() -> StorageRules.check(request));
                    return super.getObject(call, new GetObject(request.key()));
                }
            };
        }
    },
    LENGTH_IS_THE_LAST_BYTE("takes the length of a range for the place of its last byte") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public OpenObject getObject(CallContext call, GetObject request) {
                    Long offset = request.offset();
                    Long length = request.length();
                    return super.getObject(
                            call,
                            offset == null || length == null || length <= offset
                                    ? request
                                    : new GetObject(request.key(), offset, length - offset + 1));
                }
            };
        }
    },
    SIZE_OF_THE_RANGE("calls the size of a range the size of the object") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public OpenObject getObject(CallContext call, GetObject request) {
                    OpenObject open = super.getObject(call, request);
                    ByteRange range = open.range();
                    StoredObject object = open.object();
                    return range == null
                            ? open
                            : new OpenObject(
                                    new StoredObject(
                                            object.key(),
                                            range.length(),
                                            object.etag(),
                                            object.contentType(),
                                            object.lastModified(),
                                            object.metadata(),
                                            object.sha256()),
                                    open.content(),
                                    range);
                }
            };
        }
    },
    NOTHING_BEHIND_THE_END("gives nothing for a range behind the end, and calls it well") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public OpenObject getObject(CallContext call, GetObject request) {
                    try {
                        return super.getObject(call, request);
                    } catch (ProblemException e) {
                        if (!e.problem().code().equals(StorageProblem.STORAGE_RANGE_UNSATISFIABLE.code())) {
                            throw e;
                        }
                        return new OpenObject(
                                headObject(call, new HeadObject(request.key())),
                                InputStream.nullInputStream(),
                                new ByteRange(0, 0));
                    }
                }
            };
        }
    },
    HEAD_WITHOUT_METADATA("forgets the metadata when only the head is asked for") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public StoredObject headObject(CallContext call, HeadObject request) {
                    return withoutMetadata(super.headObject(call, request));
                }
            };
        }
    },
    IGNORES_THE_DELIMITER("lists all keys although a delimiter is given") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public ObjectList list(CallContext call, ListObjects request) {
                    check(() -> StorageRules.check(request));
                    ObjectList all =
                            super.list(call, new ListObjects(request.prefix(), request.limit(), request.cursor()));
                    return request.delimiter() == null ? all : new ObjectList(all.objects(), all.next(), List.of());
                }
            };
        }
    },
    DIVIDES_WITHIN_THE_PREFIX("looks for the delimiter in the prefix, too") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                String told(String key, String prefix, @Nullable String delimiter) {
                    return super.told(key, "", delimiter);
                }
            };
        }
    },
    COUNTS_OBJECTS_ONLY("does not count prefixes within the limit") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                int counted(List<ObjectList.Entry> page, List<String> prefixes) {
                    return page.size();
                }
            };
        }
    },
    TELLS_A_PREFIX_AGAIN("tells a prefix again on the next page") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                public ObjectList list(CallContext call, ListObjects request) {
                    ObjectList page = super.list(call, request);
                    List<String> prefixes = page.prefixes();
                    if (page.next() == null || prefixes == null || prefixes.isEmpty()) {
                        return page;
                    }
                    String last = prefixes.getLast();
                    String first = place().objects().higherKey(last);
                    return first != null && page.next().equals(cursor(last))
                            ? new ObjectList(page.objects(), cursor(first), prefixes)
                            : page;
                }
            };
        }
    },
    TAKES_ANY_DIGEST("stores content of another digest than it is told") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                Content checked(PutObject request, Content content) {
                    return content;
                }
            };
        }
    },
    FORGETS_THE_DIGEST("does not keep the digest") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void store(NavigableMap<String, SampleSystem.Kept> objects, PutObject request, SampleSystem.Kept kept) {
                    super.store(objects, request, new SampleSystem.Kept(withDigest(kept.object(), null), kept.bytes()));
                }
            };
        }
    },
    KEEPS_THE_FIRST_DIGEST("keeps the digest of the object that was replaced") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                void store(NavigableMap<String, SampleSystem.Kept> objects, PutObject request, SampleSystem.Kept kept) {
                    SampleSystem.Kept before = objects.get(request.key());
                    String sha256 = request.sha256() == null && before != null
                            ? before.object().sha256()
                            : request.sha256();
                    super.store(
                            objects, request, new SampleSystem.Kept(withDigest(kept.object(), sha256), kept.bytes()));
                }
            };
        }
    },
    BELIEVES_WHAT_IT_READS("does not compare what is read with the digest that it keeps") {
        @Override
        AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
            return new SampleStorage(system, context) {
                @Override
                InputStream verified(StoredObject object, InputStream content) {
                    return content;
                }
            };
        }
    },
    SECRET_IN_THE_OPEN("does not mark its secret in the manifest", "manifest-without-secret.yaml"),
    MANIFEST_OF_ANOTHER_TYPE("names another type in the manifest", "manifest-of-another-type.yaml"),
    MANIFEST_INCOMPLETE("leaves out what the manifest has to have", "manifest-incomplete.yaml");

    private final String fault;
    private final @Nullable String manifest;

    BrokenStorage(String fault) {
        this.fault = fault;
        this.manifest = null;
    }

    BrokenStorage(String fault, String manifest) {
        this.fault = fault;
        this.manifest = manifest;
    }

    /** What is wrong with it, as the end of a sentence. */
    String fault() {
        return fault;
    }

    /** The manifest on the class path, when it is not the sample's. */
    @Nullable
    String manifest() {
        return manifest;
    }

    /** Opens an instance; {@code factory} is what all instances of one factory share. */
    AdapterInstance open(SampleSystem system, AdapterContext context, List<Object> factory) {
        return new SampleStorage(system, context);
    }

    private static StoredObject withoutMetadata(StoredObject object) {
        return new StoredObject(
                object.key(),
                object.size(),
                object.etag(),
                object.contentType(),
                object.lastModified(),
                Map.of(),
                object.sha256());
    }

    private static StoredObject withDigest(StoredObject object, @Nullable String sha256) {
        return new StoredObject(
                object.key(),
                object.size(),
                object.etag(),
                object.contentType(),
                object.lastModified(),
                object.metadata(),
                sha256);
    }

    private static PutObject ifMatch(String key, @Nullable String etag) {
        return new PutObject(key, null, null, null, etag);
    }

    /** Calls one problem by the name of another. */
    private static final class Renaming extends SampleStorage {
        private final StorageProblem right;
        private final StorageProblem wrong;

        Renaming(SampleSystem system, AdapterContext context, StorageProblem right, StorageProblem wrong) {
            super(system, context);
            this.right = right;
            this.wrong = wrong;
        }

        @Override
        void enter(Instant deadline) {
            try {
                super.enter(deadline);
            } catch (ProblemException e) {
                throw e.problem().code().equals(right.code())
                        ? problem(wrong, e.problem().detail()).asException()
                        : e;
            }
        }
    }
}
