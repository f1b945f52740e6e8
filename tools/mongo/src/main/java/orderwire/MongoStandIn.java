package orderwire;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

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
        MongoBackend backend = arguments[1].equals("memory") ? new MemoryBackend() : new H2Backend(arguments[1]);
        MongoServer server = new MongoServer(backend.version(VERSION));
        server.bind("127.0.0.1", port);
        // SIGTERM: close the file, and with it commit what the background commit has not yet.
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        System.out.println("listening on " + port);
    }
}
