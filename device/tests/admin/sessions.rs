//! Sessions: one's own and those of others.

use xerus_device::admin::{AdminError, Sessions, Users};
use xerus_sim::Firmware;

use crate::{PASSWORD, agent, device, in_session};

#[tokio::test]
async fn the_own_session_is_not_closed_by_accident() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        Users::of(&admin)
            .create("eve", "long enough")
            .roles(["Admin"])
            .await
            .unwrap();
        let mine = in_session(&device, "admin", PASSWORD);
        let sessions = Sessions::of(&mine);
        let own = sessions.own().await.unwrap().unwrap();
        assert_eq!(own.username, "admin", "{firmware}");
        let (other, eves) = (
            in_session(&device, "admin", PASSWORD),
            in_session(&device, "eve", "long enough"),
        );
        let other = Sessions::of(&other).own().await.unwrap().unwrap();
        let eve = Sessions::of(&eves).own().await.unwrap().unwrap();
        assert_eq!(sessions.list().await.unwrap().len(), 3, "{firmware}");

        let error = sessions.close(own.session_id).await.unwrap_err();
        assert!(
            matches!(error, AdminError::OwnSession(_)),
            "{firmware}: {error}"
        );
        let error = sessions.close(4_711).await.unwrap_err();
        assert!(
            matches!(error, AdminError::NoSuchSession(4_711)),
            "{firmware}: {error}"
        );
        assert_eq!(device.calls().of("closeSession").count(), 0, "{firmware}");

        let closed = sessions.close_others(Some("eve")).await.unwrap();
        assert_eq!(closed.len(), 1, "{firmware}");
        assert_eq!(closed[0].session.session_id, eve.session_id, "{firmware}");
        assert!(closed[0].result.is_ok(), "{firmware}");
        let closed = sessions.close_others(None).await.unwrap();
        assert_eq!(closed.len(), 1, "{firmware}");
        assert_eq!(closed[0].session.session_id, other.session_id);
        assert!(sessions.close_others(None).await.unwrap().is_empty());
        let left = sessions.list().await.unwrap();
        assert_eq!(left.len(), 1, "{firmware}");
        assert_eq!(left[0].session_id, own.session_id, "{firmware}");
        assert!(!sessions.history().await.unwrap().is_empty(), "{firmware}");
    }
}

#[tokio::test]
async fn a_caller_without_a_session_names_those_that_it_closes() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        let sessions = Sessions::of(&admin);
        let other = in_session(&device, "admin", PASSWORD);
        let other = Sessions::of(&other).own().await.unwrap().unwrap();
        assert_eq!(sessions.own().await.unwrap(), None, "{firmware}");
        let all = sessions.close_others(None).await;
        assert!(
            matches!(all, Err(AdminError::NoSession)),
            "{firmware}: {all:?}"
        );
        let own = sessions.close_own().await;
        assert!(
            matches!(own, Err(AdminError::NoSession)),
            "{firmware}: {own:?}"
        );
        sessions.close(other.session_id).await.unwrap();
        assert!(sessions.list().await.unwrap().is_empty(), "{firmware}");
    }
}

#[tokio::test]
async fn who_am_i() {
    for firmware in Firmware::ALL {
        let (device, admin) = device(firmware).await;
        let me = Sessions::of(&admin).who_am_i().await.unwrap();
        assert!(me.session.is_none(), "{firmware}");
        assert_eq!(me.privileges[0].name, "adminPrivilege", "{firmware}");
        let mine = in_session(&device, "admin", PASSWORD);
        let me = Sessions::of(&mine).who_am_i().await.unwrap();
        assert_eq!(me.session.unwrap().username, "admin", "{firmware}");
        let sessions = Sessions::of(&mine);
        sessions.close_own().await.unwrap();
        assert!(
            Sessions::of(&admin).list().await.unwrap().is_empty(),
            "{firmware}"
        );
        let stranger = agent(&device, "admin", "wrong");
        let refused = Sessions::of(&stranger).own().await;
        assert!(refused.is_err(), "{firmware}: no answer is not no session");
    }
}
