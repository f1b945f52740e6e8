package orderwire;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;

/**
 * Lets commands run beside one another, but nothing beside one that makes an index: the server adds to a collection's list of
 * indexes while a write goes through it, and the write fails ("Unknown error: null").
 */
final class CommandLock {

    private static final String EXCLUSIVE = "createIndexes";

    private CommandLock() {}

    static MongoBackend wrap(MongoBackend backend, ReadWriteLock lock) {
        return (MongoBackend) Proxy.newProxyInstance(
                MongoBackend.class.getClassLoader(), new Class<?>[] {MongoBackend.class}, (proxy, method, arguments) -> {
                    Lock held = isExclusive(arguments) ? lock.writeLock() : lock.readLock();
                    held.lock();
                    try {
                        return method.invoke(backend, arguments);
                    } catch (InvocationTargetException error) {
                        throw error.getCause();
                    } finally {
                        held.unlock();
                    }
                });
    }

    private static boolean isExclusive(Object[] arguments) {
        if (arguments == null) {
            return false;
        }
        for (Object argument : arguments) {
            if (argument instanceof MongoMessage message && message.getDocument().containsKey(EXCLUSIVE)) {
                return true;
            }
            if (argument instanceof Document document && document.containsKey(EXCLUSIVE)) {
                return true;
            }
        }
        return false;
    }
}
