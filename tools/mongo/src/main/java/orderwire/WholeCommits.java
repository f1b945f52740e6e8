package orderwire;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import org.h2.mvstore.MVStore;

/**
 * Commits the data file between commands only. The store's own background commit may fall inside an insert, between a
 * document and its place in the index of ids: after a kill -9 at that point the id can be neither found nor inserted
 * again, and whoever writes it is refused for ever.
 */
final class WholeCommits {

    private static final long COMMIT_EVERY_MS = 250;
    private static final int COMMITS_PER_COMPACTION = 120;
    private static final int COMPACTION_MS = 50;

    private WholeCommits() {}

    /** The file with its own commits switched off, and what is read of it kept in memory: every list is a scan here. */
    static MVStore openStore(String file) {
        return new MVStore.Builder()
                .fileName(file)
                .cacheSize(cacheMegabytes())
                .autoCommitDisabled()
                .autoCommitBufferSize(0)
                .open();
    }

    private static int cacheMegabytes() {
        return (int) (Runtime.getRuntime().maxMemory() / 2 / 1024 / 1024);
    }

    /** Holds the lock exclusively while it commits: every command holds it (CommandLock). */
    static void schedule(MVStore store, ReadWriteLock lock) {
        ScheduledExecutorService committer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "commit");
            thread.setDaemon(true);
            return thread;
        });
        int[] commits = {0};
        committer.scheduleWithFixedDelay(
                () -> {
                    lock.writeLock().lock();
                    try {
                        if (store.isClosed()) {
                            return;
                        }
                        if (store.hasUnsavedChanges()) {
                            store.commit();
                        }
                        if (++commits[0] % COMMITS_PER_COMPACTION == 0) {
                            store.compactFile(COMPACTION_MS);
                        }
                    } catch (RuntimeException error) {
                        // Told and tried again: an exception that escapes would end the schedule in silence.
                        error.printStackTrace();
                    } finally {
                        lock.writeLock().unlock();
                    }
                },
                COMMIT_EVERY_MS,
                COMMIT_EVERY_MS,
                TimeUnit.MILLISECONDS);
    }
}
