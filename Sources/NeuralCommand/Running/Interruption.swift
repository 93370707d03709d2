import Foundation
import Synchronization

/// The wish of a user to stop, by Ctrl-C or a termination signal.
///
/// The first one is only noted, for the training to finish its step and save what there is; a second one ends the process
/// at once, as signals do.
enum Interruption {
  private static let isWished = Atomic<Bool>(false)

  /// Whether the process was asked to stop.
  static var isRequested: Bool { isWished.load(ordering: .relaxed) }

  /// From now on, notes the first signal.
  static func watch() {
    // Now, for a signal's handler must not be the first to do it.
    isWished.store(false, ordering: .relaxed)
    var numbers = sigset_t()
    sigemptyset(&numbers)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&numbers, number)
      signal(number) { number in
        Interruption.isWished.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    // A process that was started from a thread that blocks signals, as those of thread pools do, has them blocked too.
    pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
  }
}
