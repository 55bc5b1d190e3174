BEGIN TRANSACTION;
CREATE TABLE audit (
        number INTEGER PRIMARY KEY AUTOINCREMENT, row TEXT NOT NULL
    );
INSERT INTO "audit" VALUES(1,'{"when":"1795706538","cause":"gift","who":"1","gold":"5000"}');
INSERT INTO "audit" VALUES(2,'{"when":"1795706538","cause":"gift","who":"1","item":"15","amount":"3"}');
INSERT INTO "audit" VALUES(3,'{"when":"1795706538","cause":"gift","who":"1","item":"1","amount":"40"}');
INSERT INTO "audit" VALUES(4,'{"when":"1795706538","cause":"deposit","who":"1","item":"12","amount":"1500"}');
INSERT INTO "audit" VALUES(5,'{"when":"1795706538","cause":"deposit","who":"1","item":"1","amount":"25"}');
INSERT INTO "audit" VALUES(6,'{"when":"1795706538","cause":"drop","who":"1","item":"1","amount":"4","target":"1:73,40"}');
INSERT INTO "audit" VALUES(7,'{"when":"1795706539","cause":"drop","who":"1","item":"12","amount":"700","target":"1:73,41"}');
CREATE TABLE records (
        key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER
    ) WITHOUT ROWID;
INSERT INTO "records" VALUES('account:ana','{"name":"Ana","password":"$argon2id$v=19$m=19456,t=2,p=1$CqRTDLDHDm2txJnlsg+Q1w$/atRDzuyikrCbLZHJYx0iTWtiWvli7l/zETPdnyVBj8","email":"nadie@example.com","privileges":"1","created":"1795706537","banned_until":"0","ban_reason":"","granted":"","denied":"","character_1":"Ana"}',NULL);
INSERT INTO "records" VALUES('account:bob','{"name":"Bob","password":"$argon2id$v=19$m=19456,t=2,p=1$Wi4N9ry1LXEElD7b+CZLoA$lovuYUSePy8mFOnktzNx+MbkHKPzZIoRH40k9diCz5Y","email":"nadie@example.com","privileges":"1","created":"1795706538","banned_until":"0","ban_reason":"","granted":"","denied":"","character_2":"Bob"}',NULL);
INSERT INTO "records" VALUES('map:1:ground','{"73,40":"1x4","73,41":"12x700"}',NULL);
INSERT INTO "records" VALUES('name:ana','{"user_id":"1","account":"Ana"}',NULL);
INSERT INTO "records" VALUES('name:bob','{"user_id":"2","account":"Bob"}',NULL);
INSERT INTO "records" VALUES('player:1:bank','{"slots":"40","slot_1":"1:25"}',NULL);
INSERT INTO "records" VALUES('player:1:flags','{"poisoned":"0","paralysed":"0","sailing":"0","hidden":"0","invisible":"0","muted_until":"0","jail_minutes":"0","pet_1":"0","pet_2":"0","pet_3":"0"}',NULL);
INSERT INTO "records" VALUES('player:1:inventory','{"slots":"25","slot_1":"857:200","slot_2":"855:100","slot_3":"858:50","slot_4":"463:1:equipped","slot_5":"460:1","slot_6":"467:100","slot_7":"468:100","slot_8":"15:3:equipped","slot_9":"1:11"}',NULL);
INSERT INTO "records" VALUES('player:1:position','{"map":"1","x":"73","y":"41","heading":"3"}',NULL);
INSERT INTO "records" VALUES('player:1:profile','{"name":"Ana","account":"Ana","email":"nadie@example.com","description":"La primera","race":"1","gender":"1","char_class":"3","head":"5","home":"1","created":"1795706537","privileges":"1","parts":"position stats inventory spells skills bank flags profile"}',NULL);
INSERT INTO "records" VALUES('player:1:skills','{"free_points":"30","assigned_points":"0","magic":"0:0:200","steal":"0:0:200","combat_tactics":"0:0:200","armed_combat":"0:0:200","meditate":"0:0:200","stab":"0:0:200","hide":"0:0:200","survival":"0:0:200","woodcutting":"0:0:200","trade":"0:0:200","shield_defense":"0:0:200","fishing":"0:0:200","mining":"0:0:200","carpentry":"0:0:200","blacksmithing":"0:0:200","leadership":"0:0:200","taming":"0:0:200","projectiles":"0:0:200","wrestling":"0:0:200","navigation":"0:0:200"}',NULL);
INSERT INTO "records" VALUES('player:1:spells','{"slots":"35"}',NULL);
INSERT INTO "records" VALUES('player:1:stats','{"level":"4","experience":"692","experience_next":"823","hp":"45","max_hp":"45","mana":"0","max_mana":"0","stamina":"51","max_stamina":"85","hunger":"100","max_hunger":"100","thirst":"100","max_thirst":"100","min_hit":"10","max_hit":"11","gold":"2800","bank_gold":"1500","assassin":"0","bandit":"0","bourgeois":"0","thief":"0","noble":"1000","plebeian":"30","citizens_killed":"0","criminals_killed":"0","users_killed":"0","npcs_killed":"0","deaths":"0","strength":"17","agility":"16","intelligence":"16","charisma":"16","constitution":"20"}',NULL);
INSERT INTO "records" VALUES('player:2:bank','{"slots":"40"}',NULL);
INSERT INTO "records" VALUES('player:2:flags','{"poisoned":"0","paralysed":"0","sailing":"0","hidden":"0","invisible":"0","muted_until":"0","jail_minutes":"0","pet_1":"0","pet_2":"0","pet_3":"0"}',NULL);
INSERT INTO "records" VALUES('player:2:inventory','{"slots":"25","slot_1":"857:200","slot_2":"855:100","slot_3":"858:50","slot_4":"463:1:equipped","slot_5":"460:1:equipped","slot_6":"467:100","slot_7":"468:100"}',NULL);
INSERT INTO "records" VALUES('player:2:position','{"map":"1","x":"57","y":"45","heading":"3"}',NULL);
INSERT INTO "records" VALUES('player:2:profile','{"name":"Bob","account":"Bob","email":"nadie@example.com","description":"","race":"1","gender":"1","char_class":"3","head":"5","home":"1","created":"1795706538","privileges":"1","parts":"position stats inventory spells skills bank flags profile"}',NULL);
INSERT INTO "records" VALUES('player:2:skills','{"free_points":"10","assigned_points":"0","magic":"0:0:200","steal":"0:0:200","combat_tactics":"0:0:200","armed_combat":"0:0:200","meditate":"0:0:200","stab":"0:0:200","hide":"0:0:200","survival":"0:0:200","woodcutting":"0:0:200","trade":"0:0:200","shield_defense":"0:0:200","fishing":"0:0:200","mining":"0:0:200","carpentry":"0:0:200","blacksmithing":"0:0:200","leadership":"0:0:200","taming":"0:0:200","projectiles":"0:0:200","wrestling":"0:0:200","navigation":"0:0:200"}',NULL);
INSERT INTO "records" VALUES('player:2:spells','{"slots":"35"}',NULL);
INSERT INTO "records" VALUES('player:2:stats','{"level":"1","experience":"0","experience_next":"300","hp":"16","max_hp":"16","mana":"0","max_mana":"0","stamina":"60","max_stamina":"60","hunger":"100","max_hunger":"100","thirst":"100","max_thirst":"100","min_hit":"1","max_hit":"2","gold":"0","bank_gold":"0","assassin":"0","bandit":"0","bourgeois":"0","thief":"0","noble":"1000","plebeian":"30","citizens_killed":"0","criminals_killed":"0","users_killed":"0","npcs_killed":"0","deaths":"0","strength":"17","agility":"19","intelligence":"17","charisma":"17","constitution":"20"}',NULL);
INSERT INTO "records" VALUES('session:1:last_seen','"1795706540"',NULL);
INSERT INTO "records" VALUES('session:2:last_seen','"1795706543"',NULL);
INSERT INTO "records" VALUES('world:commit','"8"',NULL);
INSERT INTO "records" VALUES('world:epoch','"1795706537"',NULL);
INSERT INTO "records" VALUES('world:last_user_id','"2"',NULL);
INSERT INTO "records" VALUES('world:schema','"1"',NULL);
CREATE INDEX live ON records (expires) WHERE expires IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('audit',7);
COMMIT;
