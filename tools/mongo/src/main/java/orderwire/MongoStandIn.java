package orderwire;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Serves the MongoDB wire protocol on 127.0.0.1. Arguments: port, and a data file (or "memory"). */
public final class MongoStandIn {

    /** What the current driver asks for; the versions that come with the server stop at wire version 8. */
    private static final MongoVersion VERSION = new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(7, 0, 0);
        }

        @Override
        public int getWireVersion() {
            return 21;
        }
    };

    private MongoStandIn() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        MongoServer server = new MongoServer(open(arguments[1]));
        server.bind("127.0.0.1", port);
        // SIGTERM: close the file, and with it commit what has not been committed yet.
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        System.out.println("listening on " + port);
    }

    private static MongoBackend open(String data) {
        ReadWriteLock lock = new ReentrantReadWriteLock(true);
        if (data.equals("memory")) {
            return CommandLock.wrap(new MemoryBackend().version(VERSION), lock);
        }
        H2Backend backend = new H2Backend(WholeCommits.openStore(data));
        WholeCommits.schedule(backend.getMvStore(), lock);
        return CommandLock.wrap(backend.version(VERSION), lock);
    }
}
